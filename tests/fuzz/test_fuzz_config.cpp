// Mutated YAML: whatever a file holds, the reader accepts it or throws a UserError with a message. A failing case
// prints its seed and its text; it then becomes a test of its own in tests/unit/config.

#include "tests/unit/config/scratch.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using namespace myriad;

namespace {

using Random = std::mt19937_64;

const std::string kScenario =
    "myriad: 1\nkind: scenario\n# a comment\nserver:\n  base: box\n  cards: 8\n  chip: {base: h20, clock: 1.5 GHz}\n"
    "  wiring:\n    recipe: {value: product, status: assumed, source: \"a \\\"guess\\\"\"}\n    factors:\n"
    "      - {recipe: ring, size: 3}\n      - {recipe: mesh, size: 2}\nplan:\n  include: plan.yaml\n  pp: 2\n"
    "seed: 7\nshare: 0.25\nsizes: [8 B, 1 KiB, 400 Gb]\nprices: {a: 1.5 USD/h, b.c: 2 USD/h}\n"
    "axes:\n- path: plan.tp\n  values: [1, 2, {tp: 4}]\nfree: |\n  several\n  lines\n";

std::size_t below(Random& random, std::size_t limit) { return static_cast<std::size_t>(random() % limit); }

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines(1);
    for (const char c : text) {
        lines.back() += c;
        if (c == '\n') {
            lines.emplace_back();
        }
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += line;
    }
    return text;
}

// Pieces that YAML readers and number parsers stumble over.
const std::vector<std::string> kPieces = {"*a",
                                          "&a ",
                                          "!!int ",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          ": ",
                                          "- ",
                                          "? ",
                                          "|\n",
                                          ">-\n",
                                          "'",
                                          "\"",
                                          "#",
                                          "\t",
                                          "%TAG ! x\n",
                                          "---\n",
                                          "...\n",
                                          "<<: ",
                                          "~",
                                          "null",
                                          "\\x",
                                          "\xc3\xa9",
                                          "\xff",
                                          "1e999",
                                          "-1",
                                          "nan",
                                          "99999999999999999999",
                                          "0x10",
                                          ",",
                                          "base: box",
                                          "include: [plan.yaml, plan.yaml]",
                                          "@",
                                          "`",
                                          "\r\n",
                                          "status: published",
                                          "value: 3",
                                          "."};

std::string mutated(std::string text, Random& random) {
    switch (below(random, 8)) {
        case 0:  // flip a bit
            text[below(random, text.size())] ^= static_cast<char>(1 << below(random, 7));
            return text;
        case 1:  // cut off
            return text.substr(0, below(random, text.size()));
        case 2:  // remove a stretch
            return text.erase(below(random, text.size()), 1 + below(random, 12));
        case 3:
            return text.insert(below(random, text.size()), kPieces[below(random, kPieces.size())]);
        default:
            break;
    }
    std::vector<std::string> lines = lines_of(text);
    std::string& one = lines[below(random, lines.size())];
    std::string& other = lines[below(random, lines.size())];
    switch (below(random, 4)) {
        case 0:
            std::swap(one, other);
            break;
        case 1:
            one += std::string(one);
            break;
        case 2:
            one.insert(0, std::string(1 + below(random, 4), ' '));
            break;
        default: {  // swap what stands before the colons
            const std::size_t a = std::min(one.find(':'), one.size());
            const std::size_t b = std::min(other.find(':'), other.size());
            const std::string key = one.substr(0, a);
            one.replace(0, a, other.substr(0, b));
            if (&one != &other) {
                other.replace(0, b, key);
            }
        }
    }
    return joined(lines);
}

// Reads everything that a reader could read.
void read_all(const Document& document) {
    Section root = document.root();
    (void)root.get<std::int64_t>("seed");
    (void)root.list<Bytes>("sizes");
    (void)root.named<UsDollarsPerHour>("prices");
    Section chip = root.section("server").section("chip");
    (void)chip.sourced<Hertz>("clock");
    (void)chip.named_sourced<FlopPerSecond>("peak");
    (void)document.sourced();
    const std::string text = document.effective_yaml();
    const Document again = Document::parse(scenario_schema_of_test(), text, "effective.yaml", {});
    if (again.effective_yaml() != text) {
        throw std::logic_error("the effective text does not read back");
    }
}

// What is not a clean UserError, else "".
template <class F>
std::string fault_of(F&& f) {
    try {
        f();
    } catch (const UserError& error) {
        if (error.diagnostics().empty() || error.diagnostics().size() > 20) {
            return "a UserError with " + std::to_string(error.diagnostics().size()) + " diagnostics";
        }
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            if (diagnostic.message.empty() || diagnostic.message.size() > 1'000 || diagnostic.mark.line < 0) {
                return "a diagnostic without sense: " + diagnostic.text();
            }
        }
    } catch (const std::exception& error) {
        return std::string("not a UserError: ") + error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("mutated files give clean errors") {
    const Scratch scratch;
    scratch.write("plan.yaml", "myriad: 1\nkind: fragment\ntp: 4\n");
    const std::uint64_t seed = 810;
    Random random(seed);
    int accepted = 0;
    for (int round = 0; round < 1'500; ++round) {
        std::string text = kScenario;
        for (std::size_t i = 0; i < 1 + below(random, 4) && !text.empty(); ++i) {
            text = mutated(text, random);
        }
        INFO("seed " << seed << ", round " << round << ", text:\n" << text);
        const std::string fault = fault_of([&] {
            read_all(Document::parse(scenario_schema_of_test(), text, scratch.path("run.yaml"), scratch.options()));
            ++accepted;
        });
        REQUIRE(fault == "");
    }
    CHECK(accepted > 50);  // some mutations hit comments and texts: a reader that refuses everything fails here
    CHECK(accepted < 1'000);
}

TEST_CASE("mutated files that are named give clean errors") {
    const Scratch scratch;
    scratch.write("plan.yaml", "myriad: 1\nkind: fragment\ntp: 4\n");
    const std::uint64_t seed = 811;
    Random random(seed);
    for (int round = 0; round < 300; ++round) {
        const std::string text = mutated(mutated(kGoodChip, random), random);
        scratch.write("configs/chips/h20.yaml", text);
        INFO("seed " << seed << ", round " << round << ", text:\n" << text);
        REQUIRE(fault_of([&] {
                    read_all(Document::parse(scenario_schema_of_test(), kScenario, scratch.path("run.yaml"),
                                             scratch.options()));
                }) == "");
    }
}

TEST_CASE("mutated overrides give clean errors") {
    const Scratch scratch;
    scratch.write("plan.yaml", "myriad: 1\nkind: fragment\ntp: 4\n");
    const std::vector<std::string> good = {"server.chip.clock=1.5 GHz", "plan={tp: 8, pp: 2}",
                                           "axes.0.values=[1, 2]",      "server.chip=ppu",
                                           "prices.b.c=1 USD/h",        "server.wiring.factors.1.recipe=mesh"};
    const std::uint64_t seed = 812;
    Random random(seed);
    for (int round = 0; round < 500; ++round) {
        const std::string text = mutated(good[below(random, good.size())], random);
        INFO("seed " << seed << ", round " << round << ", override: " << text);
        REQUIRE(fault_of([&] {
                    read_all(Document::parse(scenario_schema_of_test(), kScenario, scratch.path("run.yaml"),
                                             scratch.options({text})));
                }) == "");
    }
}

TEST_CASE("random bytes and pathological texts give clean errors, quickly") {
    std::vector<std::string> texts = {
        std::string(1 << 20, '['),
        std::string(1 << 20, '{'),
        std::string(1 << 20, '-'),
        std::string(1 << 20, '?'),
        std::string(1 << 20, ':'),
        std::string(1 << 20, '\n'),
        std::string(1 << 20, 'a'),
        "\"" + std::string(1 << 19, '\\'),
        "myriad: 1\nkind: scenario\nseed: " + std::string(1 << 19, '9'),
        std::string(1 << 20, '#'),
        "myriad: 1\nkind: scenario\n? " + std::string(1 << 19, 'k') + "\n: 1\n",
        "myriad: 1\nkind: scenario\nserver: {wiring: {recipe: " + std::string(1 << 19, 'w') + "}}\n"};
    std::string steps;
    for (int i = 0; i < 1'000; ++i) {
        steps += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    }
    texts.push_back(steps);
    std::string keys = "myriad: 1\nkind: scenario\n";
    for (int i = 0; i < 45'000; ++i) {
        keys += "k" + std::to_string(i) + ": 1\n";
    }
    texts.push_back(keys);
    const std::uint64_t seed = 813;
    Random random(seed);
    for (int i = 0; i < 100; ++i) {
        std::string bytes(1 + below(random, 400), ' ');
        std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(1 + random() % 126); });
        texts.push_back(bytes);
    }
    for (const std::string& text : texts) {
        INFO("seed " << seed << ", text: " << text.substr(0, 400));
        REQUIRE(fault_of([&] { read_all(Document::parse(scenario_schema_of_test(), text, "x.yaml", {})); }) == "");
    }
}
