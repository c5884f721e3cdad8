#pragma once
// One YAML file with everything that it names, read into one checked tree.
//
//     Document document = Document::load(scenario_schema(), "scenarios/quickstart.yaml",
//                                        {.config_roots = {"configs"}, .overrides = {"plan.tp=8"}});
//     ScenarioConfig config = read_scenario(document.root());
//     document.finish();                       // throws what the readers collected
//     write(document.effective_yaml());        // reads back to the same tree
//
// A file (configs/chips/zhenwu-810e.yaml; in any map, `base` and `include` are understood):
//     myriad: 1                    # version of the file format, always the first key
//     kind: chip                   # name of the schema
//     base: ppu-common             # optional: a name or a path of a file of the same kind; this file overrides it
//     include: [hbm2e.yaml]        # optional: files of `kind: fragment` whose keys are taken over; after base, before
//     own status: published            # default of the sourced values in this map; `source` likewise clock: 1.7 GHz
// A reference (a key made by reference_key) is a name (`zhenwu-810e`, found in <config root>/<folder>/), a path ending
// in .yaml (relative to the file that it stands in), or a map, with or without `base`:
//     chip: {base: zhenwu-810e, clock: 1.5 GHz}
//
// Merging: maps key by key, lists and values are replaced, a map with its own `base` replaces, `base: none`
// being the way to say so of a map that starts from nothing. Overrides
// (path=value, as of --set) act on the merged tree: "cluster.server.chip.clock=1.5 GHz", "axes.0.values=[1, 2]".
// Everything wrong in the user's input is thrown as one UserError with up to 20 diagnostics, sorted by place.

#include "sim/config/schema.h"
#include "sim/config/section.h"
#include "sim/config/sourced.h"
#include "sim/error/error.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myriad {

struct LoadOptions {
    std::vector<std::string> config_roots = {"configs"};  // searched in this order for names
    std::vector<std::string> overrides = {};              // "path=value"
};

// A sourced value of a document, as text: for `show` and for the list of assumptions of a result.
struct SourcedText {
    std::string path;  // cluster.server.chip.clock
    ValueKind kind = ValueKind::text;
    std::string value;
    Status status = Status::assumed;
    std::string source;
    std::optional<std::pair<std::string, std::string>> range;
    SourceMark mark;
};

class Document {
public:
    // `name_or_path`: a name in the schema's folder, or a path.
    [[nodiscard]] static Document load(const Schema& schema, const std::string& name_or_path,
                                       const LoadOptions& options);
    // For tests and generated input: `text` as if it stood in file `path`.
    [[nodiscard]] static Document parse(const Schema& schema, const std::string& text, const std::string& path,
                                        const LoadOptions& options);
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    [[nodiscard]] Section root() const;
    // Throws the errors that readers raised; call it when every section has been read.
    void finish() const;

    [[nodiscard]] std::string effective_yaml() const;
    // The map at `key` of the root (a scenario inside of a sweep) as a file of its own.
    [[nodiscard]] std::string effective_yaml(std::string_view key) const;
    [[nodiscard]] std::vector<SourcedText> sourced() const;       // in the order of the schema
    [[nodiscard]] std::vector<SourcedText> assumed() const;       // those with status assumed
    [[nodiscard]] const std::vector<std::string>& files() const;  // every file read, in order of first use

private:
    struct State;
    explicit Document(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// `kind` of a file and where it stands, for commands that take several ("myriad check FILE"); throws UserError.
struct NamedKind {
    std::string name;
    SourceMark mark;
};
[[nodiscard]] NamedKind kind_of_file(const std::string& path);
// Names found in <config root>/<schema.folder()>, sorted.
[[nodiscard]] std::vector<std::string> names_in_folder(const Schema& schema, const LoadOptions& options);
// Path of the file meant by a name or a path; throws UserError with did-you-mean.
[[nodiscard]] std::string locate_file(const Schema& schema, const std::string& name_or_path,
                                      const LoadOptions& options);

}  // namespace myriad
