// `myriad explain`: reads the result of a run and says what its explanation means.

#include "app/commands/commands.h"
#include "app/result/explanation_json.h"
#include "app/result/explanation_text.h"
#include "app/result/words.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

namespace myriad {
namespace {

constexpr const char* kResultFile = "result.json";

// The folder, or the file in it.
std::filesystem::path result_file(const std::string& folder) {
    std::error_code ignored;
    std::filesystem::path path(folder);
    if (std::filesystem::is_regular_file(path, ignored)) {
        return path;
    }
    if (!std::filesystem::is_directory(path, ignored)) {
        throw UserError(SourceMark{folder, 0, 0}, "there is no such folder, expected one that 'myriad run' has left");
    }
    if (!std::filesystem::is_regular_file(path / kResultFile, ignored)) {
        throw UserError(SourceMark{folder, 0, 0},
                        fmt::format("there is no {} in it, expected a folder that 'myriad run' has left", kResultFile));
    }
    return path / kResultFile;
}

}  // namespace

void explain_command(const ExplainArguments& arguments, std::ostream& out) {
    const std::filesystem::path path = result_file(arguments.folder);
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        throw UserError(SourceMark{path.string(), 0, 0}, "cannot be read");
    }
    const ExplainedResult result = read_explained_result(path.string(), text);
    if (arguments.json) {
        out << result.json << '\n';
        return;
    }
    out << fmt::format("{}\n\n{} on {}, {} cards: a step takes {}\n", result.title, result.model, result.cluster,
                       grouped(result.cards), human_text(result.explanation.step))
        << explanation_text(result.explanation);
}

}  // namespace myriad
