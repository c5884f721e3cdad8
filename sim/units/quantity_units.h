#pragma once
// The units that quantity_text.cpp reads and prints, one table a dimension.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace myriad::quantity_units {

// One unit is `factor` / `divisor` base units; for floating quantities it is 10^`exponent`.
struct Unit {
    std::string_view name;
    std::int64_t factor = 1;
    std::int64_t divisor = 1;
    int exponent = 0;
    bool printed = true;
};

inline constexpr std::int64_t kKilo = 1'000;
inline constexpr std::int64_t kMega = kKilo * kKilo;
inline constexpr std::int64_t kGiga = kMega * kKilo;
inline constexpr std::int64_t kTera = kGiga * kKilo;
inline constexpr std::int64_t kPeta = kTera * kKilo;
inline constexpr std::int64_t kExa = kPeta * kKilo;

constexpr Unit integer_unit(std::string_view name, std::int64_t factor, bool printed = true) {
    return Unit{.name = name, .factor = factor, .printed = printed};
}
constexpr Unit bit_unit(std::string_view name, std::int64_t factor) {
    return Unit{.name = name, .factor = factor, .divisor = 8, .printed = false};
}
constexpr Unit power_unit(std::string_view name, int exponent, bool printed = true) {
    return Unit{.name = name, .exponent = exponent, .printed = printed};
}

// Ascending within what is printed, so that the last unit not above a value is the natural one.
inline constexpr std::array kTimeUnits = {integer_unit("ps", 1),
                                          integer_unit("ns", kKilo),
                                          integer_unit("us", kMega),
                                          integer_unit("ms", kGiga),
                                          integer_unit("s", kTera),
                                          integer_unit("min", 60 * kTera, false),
                                          integer_unit("h", 3600 * kTera, false)};
inline constexpr std::array kByteUnits = {integer_unit("B", 1),           integer_unit("kB", kKilo),
                                          integer_unit("KiB", 1LL << 10), integer_unit("MB", kMega),
                                          integer_unit("MiB", 1LL << 20), integer_unit("GB", kGiga),
                                          integer_unit("GiB", 1LL << 30), integer_unit("TB", kTera),
                                          integer_unit("TiB", 1LL << 40), integer_unit("PB", kPeta),
                                          integer_unit("PiB", 1LL << 50), integer_unit("EB", kExa),
                                          integer_unit("EiB", 1LL << 60), bit_unit("b", 1),
                                          bit_unit("kb", kKilo),          bit_unit("Mb", kMega),
                                          bit_unit("Gb", kGiga),          bit_unit("Tb", kTera)};
inline constexpr std::array kBandwidthUnits = {integer_unit("B/s", 1),
                                               integer_unit("kB/s", kKilo),
                                               integer_unit("MB/s", kMega),
                                               integer_unit("GB/s", kGiga),
                                               integer_unit("TB/s", kTera),
                                               integer_unit("PB/s", kPeta),
                                               integer_unit("EB/s", kExa),
                                               integer_unit("KiB/s", 1LL << 10, false),
                                               integer_unit("MiB/s", 1LL << 20, false),
                                               integer_unit("GiB/s", 1LL << 30, false),
                                               integer_unit("TiB/s", 1LL << 40, false),
                                               bit_unit("b/s", 1),
                                               bit_unit("kb/s", kKilo),
                                               bit_unit("Mb/s", kMega),
                                               bit_unit("Gb/s", kGiga),
                                               bit_unit("Tb/s", kTera),
                                               bit_unit("Pb/s", kPeta)};
inline constexpr std::array kFrequencyUnits = {integer_unit("Hz", 1), integer_unit("kHz", kKilo),
                                               integer_unit("MHz", kMega), integer_unit("GHz", kGiga),
                                               integer_unit("THz", kTera)};
inline constexpr std::array kWorkUnits = {power_unit("FLOP", 0),   power_unit("kFLOP", 3),  power_unit("MFLOP", 6),
                                          power_unit("GFLOP", 9),  power_unit("TFLOP", 12), power_unit("PFLOP", 15),
                                          power_unit("EFLOP", 18), power_unit("ZFLOP", 21), power_unit("YFLOP", 24)};
inline constexpr std::array kThroughputUnits = {
    power_unit("FLOP/s", 0),       power_unit("kFLOP/s", 3),       power_unit("MFLOP/s", 6),
    power_unit("GFLOP/s", 9),      power_unit("TFLOP/s", 12),      power_unit("PFLOP/s", 15),
    power_unit("EFLOP/s", 18),     power_unit("ZFLOP/s", 21),      power_unit("OP/s", 0, false),
    power_unit("GOP/s", 9, false), power_unit("TOP/s", 12, false), power_unit("POP/s", 15, false),
    power_unit("EOP/s", 18, false)};
inline constexpr std::array kPowerUnits = {power_unit("mW", -3, false), power_unit("W", 0), power_unit("kW", 3),
                                           power_unit("MW", 6), power_unit("GW", 9)};
inline constexpr std::array kPriceUnits = {power_unit("USD/h", 0)};

struct Dimension {
    std::string_view name;  // with its article
    std::string_view example;
    std::span<const Unit> units;
};

inline constexpr Dimension kTimeDimension{"a time", "1.2 us", kTimeUnits};
inline constexpr Dimension kByteDimension{"a size", "96 GiB", kByteUnits};
inline constexpr Dimension kBandwidthDimension{"a bandwidth", "50 GB/s", kBandwidthUnits};
inline constexpr Dimension kFrequencyDimension{"a frequency", "1.7 GHz", kFrequencyUnits};
inline constexpr Dimension kWorkDimension{"an amount of work", "2 TFLOP", kWorkUnits};
inline constexpr Dimension kThroughputDimension{"a throughput", "118.7 TFLOP/s", kThroughputUnits};
inline constexpr Dimension kPowerDimension{"a power", "400 W", kPowerUnits};
inline constexpr Dimension kPriceDimension{"a price", "0.62 USD/h", kPriceUnits};
inline constexpr std::array kDimensions = {&kTimeDimension,      &kByteDimension, &kBandwidthDimension,
                                           &kFrequencyDimension, &kWorkDimension, &kThroughputDimension,
                                           &kPowerDimension,     &kPriceDimension};

}  // namespace myriad::quantity_units
