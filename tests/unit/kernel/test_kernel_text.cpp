#include "app/kernel/kernel_text.h"
#include "sim/error/error.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

KernelRequest parse(const std::string& family, const std::string& text, const std::vector<std::string>& sweeps = {}) {
    return parse_kernel_request(kernel_family(family), text, DataType::bf16, sweeps);
}

std::string problem(const std::string& family, const std::string& text, const std::vector<std::string>& sweeps = {}) {
    try {
        static_cast<void>(parse(family, text, sweeps));
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("values stand in order or with names, and the rest has presets") {
    const KernelSpec ordered = parse("gemm", "3,5,7").points.at(0);
    CHECK(ordered.at("m") == 3);
    CHECK(ordered.at("k") == 7);
    CHECK(ordered.at("batch") == 1);
    const KernelSpec named = parse("gemm", " k=7, batch=2,m=3 ,n=5").points.at(0);
    CHECK(fields_text(named) == "m 3, n 5, k 7, batch 2");
    const KernelSpec attention = parse("attention", "heads=8,kv_heads=2,queries=64,backward").points.at(0);
    CHECK(attention.at("keys") == 64);        // as queries
    CHECK(attention.at("value_dim") == 128);  // as head_dim
    CHECK(attention.at("backward") == 1);
    CHECK(attention.at("causal") == 1);
    CHECK(parse("attention", "heads=8,queries=64,causal=no").points.at(0).at("causal") == 0);
    CHECK(parse("norm", "8,16,layer").points.at(0).at("kind") == 1);
    CHECK(parse("copy", "1 MiB").points.at(0).at("bytes") == 1 << 20);
}

TEST_CASE("rows of experts are listed or counted") {
    const KernelSpec spec = parse("grouped-gemm", "2x128:0:64,16,32").points.at(0);
    CHECK(spec.rows == std::vector<std::int64_t>{128, 128, 0, 64});
    CHECK(fields_text(spec) == "rows 2x128:0:64, n 16, k 32");
}

TEST_CASE("axes combine, the last fastest, and may give what the text leaves out") {
    const KernelRequest request = parse("gemm", "n=5,k=7", {"m=1:4:2x", "batch=1,3"});
    REQUIRE(request.points.size() == 6);  // m 1, 2, 4 times batch 1, 3
    CHECK(request.points[0].at("m") == 1);
    CHECK(request.points[1].at("batch") == 3);
    CHECK(request.points[5].at("m") == 4);
    CHECK(parse("copy", "1 B", {"bytes=1KiB:4KiB:2x"}).points.size() == 3);
    // What follows another field follows it at every point.
    CHECK(parse("attention", "heads=8", {"queries=64,128"}).points[1].at("keys") == 128);
}

TEST_CASE("every kernel of the table can be made from a text") {
    const std::vector<std::pair<std::string, std::string>> texts{
        {"gemm", "8,8,8"},
        {"grouped-gemm", "8:4,8,8"},
        {"attention", "heads=4,queries=8"},
        {"decode", "heads=4,keys=8"},
        {"mla", "keys=8"},
        {"norm", "8,8"},
        {"softmax", "8,8"},
        {"activation", "8,8,gelu"},
        {"residual", "8,8"},
        {"rope", "8,4,2,16"},
        {"embedding", "8,8"},
        {"cross-entropy", "8,8"},
        {"adam", "64"},
        {"copy", "64B"},
        {"reduce", "3,64B"},
    };
    CHECK(texts.size() == kernel_families().size());
    for (const auto& [family, text] : texts) {
        CAPTURE(family);
        const KernelSpec spec = parse(family, text).points.at(0);
        CHECK(make_kernel(spec, "").read.count() > 0);
    }
    // Queries of 4 and keys of 2 heads, 8 tokens, 16 channels, two bytes.
    CHECK(make_kernel(parse("rope", "8,4,2,16").points.at(0), "").read == Bytes{std::int64_t{2} * 8 * 6 * 16});
    CHECK(make_kernel(parse("adam", "64").points.at(0), "").written == Bytes{std::int64_t{64} * (12 + 2)});
}

TEST_CASE("what is wrong with a kernel's text is said at its option") {
    CHECK_THAT(problem("gemm", "1,2"), Contains("--gemm 1,2: error: 'k' is missing"));
    CHECK_THAT(problem("gemm", "1,2,3,4,5"), Contains("found 5 values"));
    CHECK_THAT(problem("gemm", "1,2,3,m=4"), Contains("given twice"));
    CHECK_THAT(problem("gemm", "1,2,0"), Contains("'k': expected 1 to"));
    CHECK_THAT(problem("gemm", "1,2,-3"), Contains("'k'"));
    CHECK_THAT(problem("gemm", "1,2,"), Contains("'k': expected a whole number"));
    CHECK_THAT(problem("decode", "heads=4,kees=8"), Contains("did you mean 'keys'?"));
    CHECK_THAT(problem("decode", "heads=4,keys=8,queries=9"), Contains("9 queries, but only 8 keys"));
    CHECK_THAT(problem("attention", "heads=7,kv_heads=2,queries=8"), Contains("expected a multiple"));
    CHECK_THAT(problem("norm", "8,8,lair"), Contains("expected one of rms, layer"));
    CHECK_THAT(problem("grouped-gemm", "0:0,8,8"), Contains("no expert has a row"));
    CHECK_THAT(problem("grouped-gemm", "5000x1,8,8"), Contains("at most 4096 experts"));
    CHECK_THAT(problem("grouped-gemm", "9000000000000000000x1,8,8"), Contains("experts"));
    CHECK_THAT(problem("reduce", "2,3B"), Contains("no whole number of bf16"));
    CHECK_THROWS_AS(parse_data_type("bf61"), UserError);
    CHECK(parse_data_type("fp8") == DataType::fp8);
}

TEST_CASE("what is wrong with an axis is said at its option") {
    CHECK_THAT(problem("gemm", "1,2,3", {"m"}), Contains("--sweep m: error: expected AXIS=VALUES"));
    CHECK_THAT(problem("gemm", "1,2,3", {"mm=1"}), Contains("unknown key 'mm'"));
    CHECK_THAT(problem("gemm", "1,2,3", {"m=8:4:2x"}), Contains("below the first"));
    CHECK_THAT(problem("gemm", "1,2,3", {"m=1:8:0"}), Contains("a step like '64'"));
    CHECK_THAT(problem("gemm", "1,2,3", {"m=1,2", "m=3"}), Contains("swept twice"));
    CHECK_THAT(problem("gemm", "1,2,3", {"m=1:100:1", "n=1:11:1"}), Contains("1100 points, expected at most 1000"));
    CHECK_THAT(problem("norm", "1,2", {"kind=rms"}), Contains("is no axis"));
}
