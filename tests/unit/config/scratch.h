#pragma once
// Files of one test in a folder of its own, removed at its end; messages name them without the folder.

#include "tests/unit/config/sample_schemas.h"

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>

namespace myriad {

inline const std::string kGoodChip =
    "myriad: 1\n"
    "kind: chip\n"
    "status: published\n"
    "source: data sheet\n"
    "clock: 1.7 GHz\n"
    "peak: {bf16: 118.7 TFLOP/s, int8: {value: 237 TOP/s, status: derived, source: twice bf16}}\n"
    "tdp: {value: 400 W, status: assumed, source: guess, range: [300 W, 0.5 kW]}\n"
    "links: {count: 7, per_link: 400 Gb/s}\n";

inline const std::string kGoodServer =
    "myriad: 1\n"
    "kind: server\n"
    "chip: ppu\n"
    "cards: 16\n";

class Scratch {
public:
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "myriad_config_XXXXXX").string();
        folder_ = ::mkdtemp(name.data()) == nullptr ? "" : name;
        write("configs/chips/ppu.yaml", kGoodChip);
        write("configs/chips/h20.yaml", kGoodChip);
        write("configs/servers/box.yaml", kGoodServer);
    }
    ~Scratch() { std::filesystem::remove_all(folder_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    void write(const std::string& path, const std::string& text) const {
        const std::filesystem::path file = std::filesystem::path(folder_) / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
    [[nodiscard]] LoadOptions options(std::vector<std::string> overrides = {}) const {
        return {.config_roots = {path("configs")}, .overrides = std::move(overrides)};
    }
    // A scenario file of this text, loaded.
    [[nodiscard]] Document scenario(const std::string& body, std::vector<std::string> overrides = {}) const {
        write("run.yaml", "myriad: 1\nkind: scenario\n" + body);
        return Document::load(scenario_schema_of_test(), path("run.yaml"), options(std::move(overrides)));
    }
    // The messages of what `f` throws, without this folder; "" if it throws nothing.
    template <class F>
    [[nodiscard]] std::string errors(F&& f) const {
        try {
            f();
        } catch (const UserError& error) {
            std::string text = error.what();
            for (std::size_t at = text.find(folder_); at != std::string::npos; at = text.find(folder_)) {
                text.erase(at, folder_.size() + 1);
            }
            return text;
        }
        return "";
    }
    [[nodiscard]] std::string scenario_errors(const std::string& body, std::vector<std::string> overrides = {}) const {
        return errors([&] { (void)scenario(body, std::move(overrides)); });
    }
    [[nodiscard]] std::string chip_errors(const std::string& text) const {
        write("chip.yaml", text);
        return errors([&] { (void)Document::load(chip_schema_of_test(), path("chip.yaml"), options()); });
    }

private:
    std::string folder_;
};

}  // namespace myriad
