// `myriad show`, `myriad check` and `myriad schema`: looking at data without running it.

#include "app/commands/commands.h"
#include "app/config_files/load.h"
#include "app/config_files/schemas.h"
#include "app/result/activity_json.h"
#include "app/result/result_json.h"
#include "app/show/show.h"
#include "app/sweep/sweep_json.h"
#include "app/uncertainty/uncertainty.h"
#include "sim/config/schema_text.h"
#include "sim/error/error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>

namespace myriad {

void show_command(const ShowArguments& arguments, std::ostream& out) {
    if (arguments.kind.empty()) {
        for (const std::string& kind : shown_kinds()) {
            out << kind << ":\n" << list_names(kind);
        }
        return;
    }
    if (arguments.name.empty()) {
        out << list_names(arguments.kind);
        return;
    }
    out << show(arguments.kind, arguments.name, arguments.json ? ShowFormat::json : ShowFormat::text,
                arguments.overrides);
}

void check_command(const std::vector<std::string>& files, bool json, std::ostream& out) {
    nlohmann::json rows = nlohmann::json::array();
    std::vector<Diagnostic> wrong;
    for (const std::string& file : files) {
        try {
            const std::string kind = check_file(file);
            rows.push_back({{"file", file}, {"kind", kind}, {"ok", true}});
            if (!json) {
                out << file << ": ok (" << kind << ")\n";
            }
        } catch (const UserError& error) {
            rows.push_back({{"file", file}, {"ok", false}, {"errors", error.what()}});
            wrong.insert(wrong.end(), error.diagnostics().begin(), error.diagnostics().end());
        }
    }
    if (json) {
        out << rows.dump(2) << "\n";
    }
    if (!wrong.empty()) {
        throw UserError(wrong);
    }
}

void schema_command(const SchemaArguments& arguments, std::ostream& out) {
    if (arguments.reference) {
        out << reference_page(file_schemas());
        return;
    }
    if (arguments.kind == "result") {
        out << result_schema();
        return;
    }
    if (arguments.kind == "sweep-result") {
        out << sweep_result_schema();
        return;
    }
    if (arguments.kind == "uncertainty") {
        out << uncertainty_schema();
        return;
    }
    if (arguments.kind == "activity") {
        out << activity_schema();
        return;
    }
    std::vector<std::string> kinds;
    for (const SchemaFunction schema : file_schemas()) {
        kinds.push_back(schema().name());
    }
    kinds.insert(kinds.end(), {"result", "activity", "sweep-result", "uncertainty"});
    if (arguments.kind.empty()) {
        for (const std::string& kind : kinds) {
            out << kind << "\n";
        }
        return;
    }
    const Schema* schema = schema_of_kind(arguments.kind);
    if (schema == nullptr) {
        throw UserError(fmt::format("unknown kind '{}', expected one of {}{}", arguments.kind, fmt::join(kinds, ", "),
                                    did_you_mean(arguments.kind, kinds)));
    }
    out << json_schema(*schema);
}

}  // namespace myriad
