// Finding the folder of configurations, and one loader a kind of file.

#include "app/config_files/load.h"

#include "app/config_files/read_hardware.h"
#include "app/config_files/read_schedule.h"
#include "app/config_files/schemas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace myriad {
namespace {

namespace fs = std::filesystem;

// Keeps paths as they were given (relative stays relative), so that messages and results do not name this machine.
class RootList {
public:
    void add(const fs::path& folder) {
        std::error_code error;
        if (!fs::is_directory(folder, error)) {
            return;
        }
        const fs::path identity = fs::weakly_canonical(folder, error);
        if (std::find(identities_.begin(), identities_.end(), identity) == identities_.end()) {
            identities_.push_back(identity);
            roots_.folders.push_back(folder.lexically_normal().string());
        }
    }

    void add_upwards(const fs::path& folder) {
        std::error_code error;
        fs::path absolute = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, error);
        for (fs::path at = folder.empty() ? fs::path(".") : folder;; at /= "..", absolute = absolute.parent_path()) {
            add(at / "configs");
            if (absolute == absolute.root_path() || absolute.empty()) {
                return;
            }
        }
    }

    [[nodiscard]] ConfigRoots take() && { return std::move(roots_); }

private:
    ConfigRoots roots_;
    std::vector<fs::path> identities_;
};

LoadOptions options_for(const std::string& name_or_path, const Overrides& overrides) {
    const bool is_path = name_or_path.ends_with(".yaml");
    LoadOptions options{.config_roots = find_config_roots(is_path ? name_or_path : std::string{}).folders,
                        .overrides = overrides};
    if (options.config_roots.empty() && !is_path) {
        throw UserError("no folder 'configs' found here, above, or near the program, so '" + name_or_path +
                        "' cannot be looked up; set MYRIAD_CONFIGS to it");
    }
    return options;
}

template <class T>
Loaded<T> load(const Schema& schema, T (*read)(Section), const std::string& name_or_path, const Overrides& overrides) {
    Document document = Document::load(schema, name_or_path, options_for(name_or_path, overrides));
    T value = read(document.root());
    document.finish();
    return Loaded<T>{std::move(value), std::move(document)};
}

template <class T>
Loaded<T> load_point(T (*read)(Section), const std::string& name_or_path, const Overrides& overrides) {
    Document document = Document::load(sweep_schema(), name_or_path, options_for(name_or_path, overrides));
    // Only the scenario is read: axes and tables were checked when the sweep was loaded.
    T value = read(document.root().section("scenario"));
    document.finish();
    return Loaded<T>{std::move(value), std::move(document)};
}

}  // namespace

ConfigRoots find_config_roots(const std::string& near_file) {
    RootList roots;
    if (const char* variable = std::getenv("MYRIAD_CONFIGS"); variable != nullptr && *variable != '\0') {
        roots.add(variable);
    }
    if (!near_file.empty()) {
        roots.add_upwards(fs::path(near_file).parent_path());
    }
    roots.add_upwards({});
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        roots.add_upwards(executable.parent_path());
    }
    return std::move(roots).take();
}

Loaded<HbmFile> load_hbm(const std::string& name_or_path, const Overrides& overrides) {
    return load(hbm_schema(), read_hbm, name_or_path, overrides);
}
Loaded<ChipFile> load_chip(const std::string& name_or_path, const Overrides& overrides) {
    return load(chip_schema(), read_chip, name_or_path, overrides);
}
Loaded<TileConfig> load_core(const std::string& name_or_path, const Overrides& overrides) {
    return load(core_schema(), read_core, name_or_path, overrides);
}
Loaded<ServerFile> load_server(const std::string& name_or_path, const Overrides& overrides) {
    return load(server_schema(), read_server, name_or_path, overrides);
}
Loaded<FabricFile> load_fabric(const std::string& name_or_path, const Overrides& overrides) {
    return load(fabric_schema(), read_fabric, name_or_path, overrides);
}
Loaded<ClusterFile> load_cluster(const std::string& name_or_path, const Overrides& overrides) {
    return load(cluster_schema(), read_cluster, name_or_path, overrides);
}
Loaded<LlmFile> load_llm(const std::string& name_or_path, const Overrides& overrides) {
    return load(llm_schema(), read_llm, name_or_path, overrides);
}
Loaded<ScheduleListing> load_schedule(const std::string& name_or_path, const Overrides& overrides) {
    return load(schedule_schema(), read_schedule, name_or_path, overrides);
}
Loaded<Scenario> load_scenario(const std::string& name_or_path, const Overrides& overrides) {
    return load(scenario_schema(), read_scenario, name_or_path, overrides);
}
Loaded<Scenario> load_scenario_text(const std::string& text, const std::string& path, const Overrides& overrides) {
    Document document = Document::parse(scenario_schema(), text, path, options_for(path, overrides));
    Scenario scenario = read_scenario(document.root());
    document.finish();
    return Loaded<Scenario>{std::move(scenario), std::move(document)};
}
Loaded<SweepFile> load_sweep(const std::string& name_or_path, const Overrides& overrides) {
    return load(sweep_schema(), read_sweep, name_or_path, overrides);
}

Loaded<Scenario> load_sweep_point(const std::string& name_or_path, const Overrides& sweep_overrides,
                                  const Overrides& point) {
    Overrides all = sweep_overrides;
    for (const std::string& text : point) {
        all.push_back("scenario." + text);
    }
    return load_point(read_scenario, name_or_path, all);
}

std::string point_scenario_yaml(const Loaded<Scenario>& point) { return point.document.effective_yaml("scenario"); }

std::string check_file(const std::string& path) {
    const auto [kind, mark] = kind_of_file(path);
    if (kind == "hbm") {
        static_cast<void>(load_hbm(path));
    } else if (kind == "chip") {
        static_cast<void>(load_chip(path));
    } else if (kind == "core") {
        static_cast<void>(load_core(path));
    } else if (kind == "server") {
        static_cast<void>(load_server(path));
    } else if (kind == "fabric") {
        static_cast<void>(load_fabric(path));
    } else if (kind == "cluster") {
        static_cast<void>(load_cluster(path));
    } else if (kind == "llm") {
        static_cast<void>(load_llm(path));
    } else if (kind == "schedule") {
        static_cast<void>(load_schedule(path));
    } else if (kind == "scenario") {
        static_cast<void>(load_scenario(path));
    } else if (kind == "sweep") {
        static_cast<void>(load_sweep(path));
    } else {
        std::vector<std::string> kinds;
        for (const SchemaFunction schema : file_schemas()) {
            kinds.push_back(schema().name());
        }
        throw UserError(mark, fmt::format("unknown kind '{}', expected one of {}{}", kind, fmt::join(kinds, ", "),
                                          did_you_mean(kind, kinds)));
    }
    return kind;
}

}  // namespace myriad
