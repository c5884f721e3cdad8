// `myriad show`: golden texts, figures derived by hand, JSON. MYRIAD_UPDATE_GOLDEN=1 rewrites the golden files.

#include "app/config_files/load.h"
#include "app/config_files/schemas.h"
#include "app/show/show.h"
#include "app/show/summary.h"
#include "app/show/table.h"
#include "sim/error/error.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace myriad;
using Catch::Matchers::Contains;
using myriad::test::source_path;

namespace {

std::string config(const std::string& name) { return source_path("configs/" + name + ".yaml"); }

void check_golden(const std::string& name, const std::string& text) {
    const std::string path = source_path("tests/unit/config_files/golden/" + name);
    if (std::getenv("MYRIAD_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path) << text;
    }
    std::ifstream file(path);
    REQUIRE(file.good());
    std::ostringstream golden;
    golden << file.rdbuf();
    CHECK(text == golden.str());
}

double figure(const std::vector<Figure>& figures, const std::string& name) {
    for (const Figure& one : figures) {
        if (one.name == name) {
            return one.value;
        }
    }
    FAIL("no figure " << name);
    return 0.0;
}

}  // namespace

TEST_CASE("show chip zhenwu-810e") {
    check_golden("show_chip_zhenwu-810e.txt", show_chip(config("chips/zhenwu-810e")));
}

TEST_CASE("show llm qwen3-32b") { check_golden("show_llm_qwen3-32b.txt", show_llm(config("llms/qwen3-32b"))); }

TEST_CASE("show says the same of every file twice, within 124 columns") {
    for (const std::string kind : {"hbm", "core", "chip", "server", "fabric", "cluster", "llm"}) {
        for (const std::string& file : myriad::test::yaml_files("configs/" + schema_of_kind(kind)->folder())) {
            const std::string text = show(kind, file);
            CHECK(text == show(kind, file));
            std::istringstream lines(text);
            for (std::string line; std::getline(lines, line);) {
                CHECK(line.size() <= 124);
            }
        }
    }
}

TEST_CASE("figures of the Zhenwu 810E") {
    const std::vector<Figure> figures = chip_figures(load_chip(config("chips/zhenwu-810e")).value);
    // 139.264 TFLOP/s / 2.7648 TB/s.
    CHECK(figure(figures, "hbm_balance") == Approx(139.264 / 2.7648));
    // 139.264 x 0.94.
    CHECK(figure(figures, "gemm_rate") == Approx(139.264e12 * 0.94));
    CHECK(figure(figures, "link_total") == 700e9);
    // 7 x 50 GB/s x 0.9634.
    CHECK(figure(figures, "link_rate") == Approx(7 * 50e9 * 0.9634));
}

TEST_CASE("figures of a server count the links that the wiring uses") {
    // K4 x K4: three links in the row, three in the column.
    const std::vector<Figure> product = server_figures(load_server(config("servers/ppu-16")).value);
    CHECK(figure(product, "links_used") == 6);
    CHECK(figure(product, "card_rate") == Approx(6 * 50e9 * 0.9634));
    // Eight NICs of 2 x 25 GB/s x 0.9825 over sixteen cards.
    CHECK(figure(product, "nic_rate_per_card") == Approx(8 * 2 * 25e9 * 0.9825 / 16));
    // A ring uses two of seven; divided, each carries 350 / 2 GB/s.
    const std::vector<Figure> ring =
        server_figures(load_server(config("servers/ppu-16"), {"wiring.recipe=ring", "link_budget=divided"}).value);
    CHECK(figure(ring, "links_used") == 2);
    CHECK(figure(ring, "link_rate") == Approx(175e9 * 0.9634));
    // Through a switch all eighteen.
    CHECK(figure(server_figures(load_server(config("servers/hgx-8")).value), "links_used") == 18);
}

TEST_CASE("figures of the largest cluster") {
    const std::vector<Figure> figures = cluster_figures(load_cluster(config("clusters/ppu-16384")).value);
    CHECK(figure(figures, "cards") == 16384);
    // 16,384 x 118.7 TFLOP/s = 1,945 PFLOP/s, the figure of the project's board.
    CHECK(figure(figures, "nameplate") == Approx(1945e15).epsilon(0.001));
}

TEST_CASE("show as JSON is valid and holds every value and figure") {
    const auto json = nlohmann::json::parse(show("cluster", config("clusters/ppu-128"), ShowFormat::json));
    CHECK(json["kind"] == "cluster");
    CHECK(json["name"] == "ppu-128");
    CHECK(json["figures"]["cards"]["value"] == 128.0);
    const std::size_t values = load_cluster(config("clusters/ppu-128")).document.sourced().size();
    CHECK(json["values"].size() == values);
    for (const auto& value : json["values"]) {
        CHECK_FALSE(value["source"].get<std::string>().empty());
    }
}

TEST_CASE("an unknown kind is answered with the known ones") {
    CHECK_THROWS_WITH(show("chips", "h20"), Contains("did you mean 'chip'"));
    CHECK_THAT(list_names("llm"), Contains("qwen3-32b\n"));
}

TEST_CASE("a table wraps its last column under itself and drops empty ones") {
    TextTable table({"a", "empty", "text"});
    table.add({"1", "", "one two three four five six"});
    // Column a takes 1 + 2; the last column is 18 wide at least, so 27 bytes of text take two lines.
    CHECK(table.text(20) == "a  text\n1  one two three four\n   five six\n");
}
