// Rates of a core from the chip's totals.

#include "models/tile/core_rates.h"

#include "sim/error/error.h"

#include <array>
#include <string>

namespace myriad {
namespace {

bool has_tensor(const ChipConfig& chip, DataType type) {
    return chip.matrix_cores > 0 && chip.tensor.of(type).count() > 0;
}

FlopPerSecond vector_peak(const ChipConfig& chip, DataType type) {
    const FlopPerSecond own = chip.vector.of(type);
    return own.count() > 0 ? own : chip.vector.of(DataType::fp32);
}

}  // namespace

TypeSupport type_support(const ChipConfig& chip, DataType type) {
    if (has_tensor(chip, type)) {
        return {type, true, false};
    }
    if (type == DataType::fp8 || type == DataType::int8) {
        for (const DataType wider : {DataType::bf16, DataType::fp16}) {
            if (has_tensor(chip, wider)) {
                return {wider, true, true};
            }
        }
    }
    if (vector_peak(chip, type).count() > 0) {
        return {type, false, false};
    }
    throw UserError(chip.name + " can compute " + std::string(name_of(type)) +
                    " neither on its matrix units nor on its vector lanes; choose a data type that 'myriad show chip " +
                    chip.name + "' lists");
}

CoreRates core_rates(const ChipConfig& chip, DataType type) {
    CoreRates rates;
    rates.support = type_support(chip, type);
    const double cores = chip.cores;
    rates.vector = vector_peak(chip, type) * (chip.vector_efficiency / cores);
    rates.tensor_cores = rates.support.on_tensor ? chip.matrix_cores : chip.cores;
    rates.tensor = rates.support.on_tensor
                       ? chip.tensor.of(rates.support.computed) * (1.0 / static_cast<double>(chip.matrix_cores))
                       : rates.vector;
    const auto clock = static_cast<double>(chip.clock.count());
    rates.special = chip.tile.special_per_cycle * clock;
    rates.local = chip.tile.local_bytes_per_cycle * clock;
    MYRIAD_CHECK(rates.vector.count() > 0 && rates.special > 0 && rates.local > 0, chip.name);
    return rates;
}

}  // namespace myriad
