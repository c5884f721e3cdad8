#pragma once
// A card as workloads see it: execute kernels in order on a stream. Roofline, tile and live implement it.

#include "models/kernel_shape.h"
#include "sim/time/completion.h"
#include "sim/units/units.h"

#include <cstdint>
#include <string_view>

namespace myriad {

enum class DataType : std::uint8_t { fp32, tf32, bf16, fp16, fp8, int8 };
[[nodiscard]] std::string_view name_of(DataType type);
[[nodiscard]] Bytes size_of(DataType type);

// Which unit does the work: the matrix unit or the vector lanes.
enum class KernelUnit : std::uint8_t { tensor, vector };

// One operator on one card. `label` names it in results ("attention_qkv"); it must outlive the call (string literal or
// a string of the program). Roofline takes work and bytes; the tile level takes the shape.
struct Kernel {
    std::string_view label;
    KernelUnit unit = KernelUnit::tensor;
    DataType type = DataType::bf16;
    Flop work;
    Bytes read;                 // from HBM, every operand once
    Bytes written;              // to HBM
    std::int32_t launches = 1;  // kernels launched for this operator
    KernelShape shape;
};

class Card {
public:
    virtual ~Card() = default;
    // Queues the kernel behind those submitted before it; `done` when it has finished.
    virtual void execute(const Kernel& kernel, Completion done) = 0;
    // Calls `done` at `time`, which is not before now: until then nobody has given the card work.
    virtual void idle_until(TimePoint time, Completion done);
    // A collective that this card takes part in begins or ends here: what it occupies is not there for kernels.
    virtual void begin_collective() {}
    virtual void end_collective() {}
    // Time that the kernel takes alone on this card.
    [[nodiscard]] virtual Picoseconds duration(const Kernel& kernel) const = 0;
    [[nodiscard]] virtual Bytes memory_capacity() const = 0;
    [[nodiscard]] virtual FlopPerSecond peak(DataType type) const = 0;
};

}  // namespace myriad
