// Schedule files: formulas, patterns, and proofs that point at the file.

#include "app/config_files/formula.h"
#include "app/config_files/load.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>

using namespace myriad;
using Catch::Matchers::Contains;

namespace {

const FormulaNames kNames{{"n", 8}, {"r", 3}, {"s", 5}};

std::int64_t value(std::string_view text) { return value_of_formula(text, kNames); }

// What is wrong with a file of this text; empty: nothing.
std::string problem(const std::string& text) {
    // Tests run side by side in processes of their own: each writes to a folder of its own.
    const auto folder = std::filesystem::temp_directory_path() / ("myriad_test_schedules_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto path = folder / "own.yaml";
    std::ofstream(path) << text;
    try {
        static_cast<void>(load_schedule(path.string()));
        return {};
    } catch (const UserError& error) {
        return error.what();
    }
}

std::string ring_gather(const std::string& transfers) {
    return "myriad: 1\nkind: schedule\nop: all_gather\nranks: 4\nchunks: 4\ntransfers:\n" + transfers;
}

}  // namespace

TEST_CASE("formulas bind as in books, remainders are not negative, quotients round down") {
    CHECK(value("1 + 2 * 3") == 7);
    CHECK(value("(1 + 2) * 3") == 9);
    CHECK(value("(r - s) % n") == 6);
    CHECK(value("-7 / 2") == -4);
    CHECK(value("r xor 1 << 2") == 7);
    CHECK(value("r < s and not (n == 8) or 1") == 1);
    CHECK(value("r<=3") == 1);
    CHECK(value("256 >> 4") == 16);
    CHECK(value("- -2") == 2);
}

TEST_CASE("a formula says what is wrong with it") {
    CHECK_THROWS_WITH(value("r +"), Contains("expected a number, a name or '(' at 'the end'"));
    CHECK_THROWS_WITH(value("(r"), Contains("expected ')'"));
    CHECK_THROWS_WITH(value("r 4"), Contains("expected an operator at '4'"));
    CHECK_THROWS_WITH(value("m"), Contains("unknown name 'm'") && Contains("expected one of n, r, s"));
    CHECK_THROWS_WITH(value("r % (n - 8)"), Contains("division by zero"));
    CHECK_THROWS_WITH(value("1 << 41"), Contains("shift by 41"));
    CHECK_THROWS_WITH(value("1048576 * 1048576 * 2"), Contains("beyond 2^40"));
    CHECK_THROWS_WITH(value("99999999999999999999"), Contains("beyond 2^40"));
}

TEST_CASE("a schedule that keeps its promise is taken, pattern by pattern") {
    CHECK(problem(ring_gather("  - {steps: 0 .. n - 2, to: (r + 1) % n, chunk: (r - s) % n}\n")).empty());
    CHECK(problem(ring_gather("  - {steps: 0, repeat: n - 1, to: (r + 1 + i) % n, chunk: r}\n")).empty());
    CHECK(problem("myriad: 1\nkind: schedule\nop: all_reduce\nranks: 8\nchunks: 1\ntransfers:\n"
                  "  - {steps: 0 .. 2, to: r xor (1 << s), chunk: 0, reduce: true}\n")
              .empty());
    CHECK(problem("myriad: 1\nkind: schedule\nop: reduce\nroot: 2\nranks: 3\nchunks: 1\ntransfers:\n"
                  "  - {steps: 0, from: 0, to: 2, chunk: 0, reduce: true}\n"
                  "  - {steps: 1, where: r == 1, to: 2, chunk: 0, reduce: true}\n")
              .empty());
}

TEST_CASE("a schedule that breaks its promise is an error with step, rank and chunk") {
    // One step short: at the end rank 0 has the chunks of ranks 0, 3 and 2.
    CHECK_THAT(problem(ring_gather("  - {steps: 0 .. n - 3, to: (r + 1) % n, chunk: (r - s) % n}\n")),
               Contains("own.yaml:7:3: error: this is no all_gather of 4 ranks: at the end rank 0 lacks chunk 1"));
    CHECK_THAT(problem(ring_gather("  - {steps: 0 .. n - 2, to: (r + 1) % n, chunk: (r + s) % n}\n")),
               Contains("step 1: rank 0 sends chunk 1, which it does not have"));
    CHECK_THAT(problem("myriad: 1\nkind: schedule\nop: all_reduce\nranks: 4\nchunks: 1\ntransfers:\n"
                       "  - {steps: 0 .. 1, to: r xor 1, chunk: 0, reduce: true}\n"),
               Contains("step 1: rank 0 adds chunk 0 from rank 1: a contribution would count twice"));
}

TEST_CASE("values outside of a schedule are errors at their key") {
    CHECK_THAT(problem(ring_gather("  - {steps: 0, to: r + 1, chunk: r}\n")),
               Contains("step 0: rank 3 sends to rank 4, expected another of 0 to 3"));
    CHECK_THAT(problem(ring_gather("  - {steps: 0, to: (r + 1) % n, chunk: r + 1}\n")),
               Contains("step 0: rank 3 sends 1 chunks from 4 on, expected 1 to 4 from 0 to 3"));
    CHECK_THAT(problem(ring_gather("  - {steps: 3 .. 1, to: 0, chunk: 0}\n")), Contains("steps 3 to 1"));
    CHECK_THAT(problem(ring_gather("  - {steps: 0, from: 9, to: 0, chunk: 0}\n")), Contains("step 0: rank 9 of 4"));
    CHECK_THAT(problem(ring_gather("  - {steps: 0, to: (q + 1) % n, chunk: r}\n")), Contains("unknown name 'q'"));
    CHECK_THAT(problem("myriad: 1\nkind: schedule\nop: all_gather\nroot: 1\nranks: 4\nchunks: 4\ntransfers:\n"
                       "  - {steps: 0, repeat: n - 1, to: (r + 1 + i) % n, chunk: r}\n"),
               Contains("rank 1 is no root of all_gather of 4 ranks"));
}
