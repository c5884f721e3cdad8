// `myriad export`: the points of a store as CSV and JSON.

#include "app/commands/commands.h"
#include "app/commands/output_file.h"
#include "app/sweep/export.h"
#include "sim/error/error.h"

#include <ostream>

namespace myriad {

void export_command(const ExportArguments& arguments, std::ostream& out) {
    check_output_file("--csv", arguments.csv_file);
    check_output_file("--json", arguments.json_file);
    const Exported exported = export_points(Store::open(arguments.store));
    if (arguments.csv_file.empty() && arguments.json_file.empty()) {
        out << exported.csv;
        return;
    }
    if (!arguments.csv_file.empty()) {
        write_output_file("--csv", arguments.csv_file, exported.csv);
    }
    if (!arguments.json_file.empty()) {
        write_output_file("--json", arguments.json_file, exported.json);
    }
}

}  // namespace myriad
