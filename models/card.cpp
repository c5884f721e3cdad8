// Names and sizes of data types.

#include "models/card.h"

#include "sim/error/error.h"

namespace myriad {

std::string_view name_of(DataType type) {
    switch (type) {
        case DataType::fp32:
            return "fp32";
        case DataType::tf32:
            return "tf32";
        case DataType::bf16:
            return "bf16";
        case DataType::fp16:
            return "fp16";
        case DataType::fp8:
            return "fp8";
        case DataType::int8:
            return "int8";
    }
    MYRIAD_CHECK(false, "no such data type");
}

Bytes size_of(DataType type) {
    switch (type) {
        case DataType::fp32:
        case DataType::tf32:
            return Bytes{4};
        case DataType::bf16:
        case DataType::fp16:
            return Bytes{2};
        case DataType::fp8:
        case DataType::int8:
            return Bytes{1};
    }
    MYRIAD_CHECK(false, "no such data type");
}

void Card::idle_until(TimePoint /*time*/, Completion /*done*/) { MYRIAD_CHECK(false, "this card has no timer"); }

}  // namespace myriad
