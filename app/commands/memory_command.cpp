// `myriad memory`: what the memory of a chip gives to a pattern of traffic, and why not more.

#include "app/commands/commands.h"
#include "app/commands/memory_report.h"
#include "app/config_files/load.h"
#include "app/config_files/schemas.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>

namespace myriad {
namespace {

// Patterns by the words of the command line, and the rows of the whole table.
struct NamedPattern {
    const char* name;
    PatternConfig pattern;
};
using Kind = MemoryPattern;
constexpr std::array<NamedPattern, 10> kPatterns{{
    {"seq", {Kind::sequential, 1, 0, Bytes{64}}},
    {"seq_rd", {Kind::sequential, 1, 0, Bytes{64}}},
    {"seq_wr", {Kind::sequential, 0, 1, Bytes{64}}},
    {"stream", {Kind::stream, 2, 1, Bytes{64}}},
    {"stream_conflict", {Kind::stream_conflict, 2, 1, Bytes{64}}},
    {"stream_blocks", {Kind::stream_blocks, 2, 1, Bytes{64}}},
    {"random", {Kind::random, 1, 0, Bytes{64}}},
    {"random_256", {Kind::random_block, 1, 0, Bytes{256}}},
    {"random_1k", {Kind::random_block, 1, 0, Bytes{1024}}},
    {"strided", {Kind::strided, 1, 0, Bytes{4096}}},
}};
constexpr std::array<NamedPattern, 14> kTable{{
    {"seq_rd", {Kind::sequential, 1, 0, Bytes{64}}},
    {"seq_wr", {Kind::sequential, 0, 1, Bytes{64}}},
    {"seq 2:1", {Kind::sequential, 2, 1, Bytes{64}}},
    {"stream 2:1", {Kind::stream, 2, 1, Bytes{64}}},
    {"stream_conflict 2:1", {Kind::stream_conflict, 2, 1, Bytes{64}}},
    {"stream_blocks 2:1", {Kind::stream_blocks, 2, 1, Bytes{64}}},
    {"random", {Kind::random, 1, 0, Bytes{64}}},
    {"random 2:1", {Kind::random, 2, 1, Bytes{64}}},
    {"random_256", {Kind::random_block, 1, 0, Bytes{256}}},
    {"random_1k", {Kind::random_block, 1, 0, Bytes{1024}}},
    {"strided 256 B", {Kind::strided, 1, 0, Bytes{256}}},
    {"strided 1 KiB", {Kind::strided, 1, 0, Bytes{1024}}},
    {"strided 4 KiB", {Kind::strided, 1, 0, Bytes{4096}}},
    {"strided 64 KiB", {Kind::strided, 1, 0, Bytes{65536}}},
}};

MemorySetup setup_of_chip(const MemoryArguments& arguments) {
    const ChipConfig chip = load_chip(arguments.memory, arguments.overrides).value.chip;
    return MemorySetup{chip.name, chip.hbm.preset, chip.hbm.stacks};
}

MemorySetup setup_of_preset(const MemoryArguments& arguments) {
    const HbmPreset preset = load_hbm(arguments.memory, arguments.overrides).value.preset;
    return MemorySetup{preset.name, preset, 1};
}

// A chip may claim any bandwidth; the banks of its stacks are modelled at data rates that HBM could have.
void check_clock(const MemorySetup& setup) {
    if (setup.preset.clock < Hertz{100'000'000} || setup.preset.clock > Hertz{5'000'000'000}) {
        throw UserError(
            fmt::format("'hbm.bandwidth' runs the stacks of '{}' at a clock of {}, expected 100 MHz to 5 GHz",
                        setup.name, human_text(setup.preset.clock)));
    }
}

// A file says its kind; of names, presets and chips share none.
MemorySetup load_setup(const MemoryArguments& arguments) {
    if (arguments.memory.ends_with(".yaml")) {
        const NamedKind kind = kind_of_file(arguments.memory);
        if (kind.name == "hbm") {
            return setup_of_preset(arguments);
        }
        if (kind.name != "chip") {
            throw UserError(kind.mark, "kind is '" + kind.name + "', expected chip or hbm");
        }
        return setup_of_chip(arguments);
    }
    const LoadOptions options{find_config_roots().folders, {}};
    std::vector<std::string> names = names_in_folder(hbm_schema(), options);
    if (std::find(names.begin(), names.end(), arguments.memory) != names.end()) {
        return setup_of_preset(arguments);
    }
    const std::vector<std::string> chips = names_in_folder(chip_schema(), options);
    if (std::find(chips.begin(), chips.end(), arguments.memory) != chips.end()) {
        return setup_of_chip(arguments);
    }
    names.insert(names.end(), chips.begin(), chips.end());
    throw UserError(fmt::format("no chip and no memory is called '{}', expected one of {}{}", arguments.memory,
                                fmt::join(names, ", "), did_you_mean(arguments.memory, names)));
}

PatternConfig named_pattern(const std::string& name) {
    std::vector<std::string> names;
    for (const NamedPattern& pattern : kPatterns) {
        if (name == pattern.name) {
            return pattern.pattern;
        }
        names.emplace_back(pattern.name);
    }
    names.emplace_back("all");
    throw UserError(fmt::format("--pattern: unknown word '{}', expected one of {}{}", name, fmt::join(names, ", "),
                                did_you_mean(name, names)));
}

std::int64_t whole(const char* option, const std::string& text, std::int64_t least, std::int64_t most) {
    const Parsed<std::int64_t> value = parse_integer(text);
    if (!value || value.value < least || value.value > most) {
        throw UserError(fmt::format("{}: expected {} to {}, found '{}'", option, least, most, text));
    }
    return value.value;
}

void read_mix(const MemoryArguments& arguments, PatternConfig& pattern) {
    if (arguments.mix.empty()) {
        return;
    }
    if (arguments.pattern == "seq_rd" || arguments.pattern == "seq_wr") {
        throw UserError("--rw: pattern '" + arguments.pattern + "' says its own; use 'seq'");
    }
    const std::size_t colon = arguments.mix.find(':');
    const auto reads = parse_integer(arguments.mix.substr(0, colon));
    const auto writes = colon == std::string::npos ? reads : parse_integer(arguments.mix.substr(colon + 1));
    const auto in_range = [](const Parsed<std::int64_t>& part) { return part && part.value >= 0 && part.value <= 16; };
    if (colon == std::string::npos || !in_range(reads) || !in_range(writes) || reads.value + writes.value == 0) {
        throw UserError("--rw: expected reads:writes, each 0 to 16, like 2:1, found '" + arguments.mix + "'");
    }
    pattern.reads = static_cast<std::int32_t>(reads.value);
    pattern.writes = static_cast<std::int32_t>(writes.value);
}

void read_stride(const MemoryArguments& arguments, const HbmPreset& preset, PatternConfig& pattern) {
    if (arguments.stride.empty()) {
        return;
    }
    if (pattern.pattern != MemoryPattern::strided) {
        throw UserError("--stride has no effect on pattern '" + arguments.pattern + "', only on 'strided'");
    }
    const Parsed<Bytes> stride = parse_quantity<Bytes>(arguments.stride);
    if (!stride) {
        throw UserError("--stride: " + stride.problem);
    }
    if (stride.value < kRequest || stride.value.count() % kRequest.count() != 0 ||
        stride.value > preset.organisation.capacity()) {
        throw UserError(fmt::format("--stride: expected a multiple of {} up to {}, found '{}'", human_text(kRequest),
                                    human_text(preset.organisation.capacity()), arguments.stride));
    }
    pattern.step = stride.value;
}

TrafficConfig read_traffic(const MemoryArguments& arguments) {
    TrafficConfig traffic;
    if (!arguments.outstanding.empty()) {
        traffic.outstanding = whole("--outstanding", arguments.outstanding, 1, 65'536);
    }
    if (!arguments.load.empty()) {
        const Parsed<double> load = parse_number(arguments.load);
        if (!load || load.value < 0.1 || load.value > 100.0) {
            throw UserError("--load: expected 0.1 to 100 percent, found '" + arguments.load + "'");
        }
        traffic.load = load.value / 100.0;
    }
    if (traffic.outstanding < 16) {  // one after the other: each takes as long as a thousand under load
        traffic.warm_up /= 10;
        traffic.measured /= 10;
    }
    return traffic;
}

}  // namespace

void memory_command(const MemoryArguments& arguments, std::ostream& out) {
    const MemorySetup setup = load_setup(arguments);
    check_clock(setup);
    TrafficConfig traffic = read_traffic(arguments);
    std::vector<MeasuredPattern> measured;
    if (arguments.pattern == "all") {
        if (!arguments.mix.empty() || !arguments.stride.empty()) {
            throw UserError("--rw and --stride have no effect on pattern 'all'");
        }
        for (const NamedPattern& row : kTable) {
            traffic.pattern = row.pattern;
            measured.push_back(MeasuredPattern{row.name, traffic, run_traffic(setup.preset, traffic)});
        }
    } else {
        traffic.pattern = named_pattern(arguments.pattern);
        read_mix(arguments, traffic.pattern);
        read_stride(arguments, setup.preset, traffic.pattern);
        measured.push_back(MeasuredPattern{arguments.pattern, traffic, run_traffic(setup.preset, traffic)});
    }
    if (arguments.json) {
        out << memory_json(setup, measured);
    } else {
        out << (arguments.pattern == "all" ? memory_table(setup, measured) : memory_text(setup, measured.front()));
    }
}

}  // namespace myriad
