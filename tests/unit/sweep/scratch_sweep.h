#pragma once
// A sweep file in a folder of its own, gone with the object.

#include "app/scenario/metric.h"
#include "app/sweep/sweep_run.h"
#include "sim/error/error.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace myriad::test {

class ScratchSweep {
public:
    explicit ScratchSweep(const std::string& text) {
        ::setenv("MYRIAD_CONFIGS", MYRIAD_SOURCE_FOLDER "/configs", 1);
        std::string name = (std::filesystem::temp_directory_path() / "myriad_sweep_XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        std::ofstream(path()) << text;
    }
    ~ScratchSweep() {
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
    }
    ScratchSweep(const ScratchSweep&) = delete;
    ScratchSweep& operator=(const ScratchSweep&) = delete;

    [[nodiscard]] std::string path() const { return (folder_ / "small.yaml").string(); }
    [[nodiscard]] std::string result_folder() const { return (folder_ / "result").string(); }
    [[nodiscard]] SweepOutcome run(SweepOptions options = {}) const {
        options.progress = false;
        return run_sweep(path(), {}, options);
    }
    // What run_sweep says when it refuses; empty if it does not.
    [[nodiscard]] std::string refusal(const std::vector<std::string>& overrides = {}, SweepOptions options = {}) const {
        options.progress = false;
        try {
            static_cast<void>(run_sweep(path(), overrides, options));
            return {};
        } catch (const UserError& error) {
            return error.what();
        }
    }

private:
    std::filesystem::path folder_;
};

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline double value_of(const SweepPointResult& point, std::string_view metric) {
    return point.values.at(find_metric(metric).value()).value();
}

}  // namespace myriad::test
