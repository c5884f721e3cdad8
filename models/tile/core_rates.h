#pragma once
// What one core does in a second, by unit, for one data type; and which unit does a type that the chip has no native
// form of.

#include "models/chip_config.h"

namespace myriad {

// How a chip computes on a type. Types that the matrix unit lacks are cast on the way in (fp8 and int8 weights become
// bf16 in the core) or done by the vector lanes (fp32).
struct TypeSupport {
    DataType computed = DataType::bf16;
    bool on_tensor = true;
    bool cast = false;  // every element loaded costs a vector operation
};
// Throws UserError when nothing on the chip can do it.
[[nodiscard]] TypeSupport type_support(const ChipConfig& chip, DataType type);

struct CoreRates {
    TypeSupport support;
    std::int64_t tensor_cores = 0;  // cores that a matrix kernel may use
    FlopPerSecond tensor;           // of one such core at its peak
    FlopPerSecond vector;           // of one core at what an elementwise loop reaches
    double special = 0.0;           // special functions a second, of one core
    double local = 0.0;             // bytes a second of local memory, of one core
};
[[nodiscard]] CoreRates core_rates(const ChipConfig& chip, DataType type);

// Time of `amount` at `rate` a second.
[[nodiscard]] inline Picoseconds time_of(double amount, double rate) {
    return Picoseconds{static_cast<std::int64_t>(amount / rate * 1e12 + 0.5)};
}

}  // namespace myriad
