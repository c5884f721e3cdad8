// Every file under configs/ and scenarios/ loads, and says of every value where it comes from.

#include "app/config_files/load.h"
#include "app/config_files/schemas.h"
#include "sim/units/quantity_text.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace myriad;
using myriad::test::source_path;
using myriad::test::yaml_files;

TEST_CASE("every file under configs/ loads as its kind and stands in the folder of its kind") {
    std::set<std::string> kinds;
    for (const std::string& file : yaml_files("configs")) {
        INFO(file);
        std::string kind;
        REQUIRE_NOTHROW(kind = check_file(file));
        const Schema* schema = schema_of_kind(kind);
        REQUIRE(schema != nullptr);
        CHECK(std::filesystem::path(file).parent_path().filename() == schema->folder());
        kinds.insert(kind);
    }
    CHECK(kinds == std::set<std::string>{"chip", "cluster", "core", "fabric", "hbm", "llm", "schedule", "server"});
}

TEST_CASE("every file under scenarios/ loads and says in its first line what it shows") {
    for (const std::string& file : yaml_files("scenarios")) {
        INFO(file);
        std::string kind;
        REQUIRE_NOTHROW(kind = check_file(file));
        const bool in_sweeps = file.find("/sweeps/") != std::string::npos;
        CHECK(kind == (in_sweeps ? "sweep" : "scenario"));
    }
}

TEST_CASE("every value of every hardware and model file has a source, every assumed number a range that holds it") {
    // Words have no range.
    const std::set<std::string> words{"recipe",           "link_budget", "refresh",        "address_map",
                                      "gemm_tiles",       "fragment",    "attention_tile", "longest_first",
                                      "splits_ungrouped", "input_queues"};
    for (const SchemaFunction schema :
         {hbm_schema, core_schema, chip_schema, server_schema, fabric_schema, cluster_schema, llm_schema}) {
        for (const std::string& file : yaml_files("configs/" + schema().folder())) {
            const Document document =
                Document::load(schema(), file, {.config_roots = {source_path("configs")}, .overrides = {}});
            CHECK_FALSE(document.sourced().empty());
            for (const SourcedText& value : document.sourced()) {
                INFO(file << ": " << value.path << " = " << value.value);
                CHECK_FALSE(value.source.empty());
                const std::string key = value.path.substr(value.path.rfind('.') + 1);
                if (value.status == Status::assumed && words.count(key) == 0) {
                    CHECK(value.range.has_value());
                }
            }
        }
    }
}

TEST_CASE("the chip files carry what the issue asks of them") {
    const std::set<std::string> needed{"cores",           "matrix_cores",     "clock",           "tensor.bf16",
                                       "vector.fp32",     "hbm.type",         "hbm.stacks",      "hbm.capacity",
                                       "hbm.bandwidth",   "hbm.efficiency",   "local_memory",    "l2",
                                       "gemm_efficiency", "launch_latency",   "links.count",     "links.per_link",
                                       "links.latency",   "links.efficiency", "pcie.generation", "tdp"};
    for (const char* name : {"zhenwu-810e", "h20", "a100", "a800", "h100", "h800"}) {
        const Loaded<ChipFile> chip = load_chip(source_path(std::string("configs/chips/") + name + ".yaml"));
        CHECK(chip.value.chip.name == name);
        std::set<std::string> paths;
        for (const SourcedText& value : chip.document.sourced()) {
            paths.insert(value.path);
        }
        for (const std::string& path : needed) {
            INFO(name << ": " << path);
            CHECK(paths.count(path) == 1);
        }
    }
}

TEST_CASE("the stated totals of every language model follow from its shape") {
    std::size_t models = 0;
    for (const std::string& file : yaml_files("configs/llms")) {
        const Loaded<LlmFile> llm = load_llm(file);
        INFO(file);
        REQUIRE(llm.value.expected.has_value());
        CHECK(disagreements(llm.value) == std::vector<std::string>{});
        ++models;
    }
    CHECK(models == 16);
}

TEST_CASE("a stated total that does not follow is found") {
    const Loaded<LlmFile> llm = load_llm(source_path("configs/llms/qwen3-8b.yaml"), {"layers=35"});
    // One layer less: parameters and the cache of a token change, nothing else is stated.
    CHECK(disagreements(llm.value).size() == 2);
}
