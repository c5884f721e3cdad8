#pragma once
// A call back that costs three words: no allocation, no virtual table in the caller.

#include <cstdint>

namespace myriad {

// `function(context, argument)` is called once when the work that it was handed to is done, at that simulated time.
struct Completion {
    using Function = void (*)(void* context, std::uint64_t argument);
    Function function = nullptr;
    void* context = nullptr;
    std::uint64_t argument = 0;
    void operator()() const {
        if (function != nullptr) {
            function(context, argument);
        }
    }
};

}  // namespace myriad
