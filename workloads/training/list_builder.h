#pragma once
// Operators become steps: forward in order, backward from the end, with exchanges begun and awaited where they may run
// beside kernels. Internal to training/ and inference/.

#include "workloads/training/program.h"

#include <string>
#include <vector>

namespace myriad {

struct ListOptions {
    Recompute recompute = Recompute::none;
    bool overlap_tensor = true;  // gathers beside dgrad, reductions of input gradients beside wgrad
};

class ListBuilder {
public:
    ListBuilder(std::vector<std::string>& labels, const ListOptions& options) : labels_(labels), options_(options) {}

    // All lists, parameters and what is kept, but for what a layer keeps under full recomputation.
    [[nodiscard]] PartProgram part(const OperatorList& operators);
    [[nodiscard]] StepList forward(const OperatorList& operators, bool again = false);
    [[nodiscard]] std::uint16_t label_index(const std::string& label);

private:
    enum class Gradients : std::uint8_t { both, input, weight };
    [[nodiscard]] StepList backward(const OperatorList& operators, Gradients which);
    // The operator at `at` has an exchange of tensor parallelism before it that runs beside its own gradients.
    void column_gradients(const OperatorList& operators, std::size_t at, Gradients which, StepList& list);
    void recompute_before(const OperatorList& operators, std::size_t at, StepList& list);
    void compute(const std::vector<Kernel>& kernels, bool again, StepList& list);
    std::uint8_t begin(const Exchange& exchange, const CollectiveCall& call, bool backward, StepList& list);
    static void wait(std::uint8_t slot, StepList& list);

    std::vector<std::string>& labels_;
    ListOptions options_;
    std::uint8_t next_slot_ = 0;
};

}  // namespace myriad
