// Backward of a column-parallel matrix under sequence parallelism (its input is gathered, and each rank has kept its
// share only): the gather runs once more beside the input's gradient, the reduction of that gradient beside the weight's.
// Other exchanges are mirrored: what is awaited after `beside` operators forward is begun before them backward.
//
// Where weight gradients are apart (zero bubble), the gathered inputs are kept from input_grad to weight_grad, as the
// authors' implementation does, so weight_grad communicates nothing.

#include "workloads/training/list_builder.h"

#include "sim/error/error.h"

#include <algorithm>
#include <utility>

namespace myriad {
namespace {

bool is_exchange(const Operator& op) { return op.exchange.group != GroupKind::none; }

struct Pending {
    std::size_t until = 0;  // operator before which it is awaited
    std::uint8_t slot = 0;
};

}  // namespace

std::uint16_t ListBuilder::label_index(const std::string& label) {
    const auto found = std::find(labels_.begin(), labels_.end(), label);
    if (found != labels_.end()) {
        return static_cast<std::uint16_t>(found - labels_.begin());
    }
    labels_.push_back(label);
    return static_cast<std::uint16_t>(labels_.size() - 1);
}

void ListBuilder::compute(const std::vector<Kernel>& kernels, bool again, StepList& list) {
    for (const Kernel& kernel : kernels) {
        ProgramStep step;
        step.kernel = kernel;
        step.label = label_index((again ? "recompute " : "") + std::string(kernel.label));
        list.push_back(step);
    }
}

std::uint8_t ListBuilder::begin(const Exchange& exchange, const CollectiveCall& call, bool backward, StepList& list) {
    ProgramStep step;
    step.kind = StepKind::begin;
    step.group = exchange.group;
    step.shift = exchange.shift;
    step.returns = exchange.returns != backward;
    step.routing = static_cast<std::int16_t>(exchange.routing);
    step.slot = next_slot_;
    step.call = call;
    next_slot_ = static_cast<std::uint8_t>((next_slot_ + 1) % kSlots);
    list.push_back(step);
    return step.slot;
}

void ListBuilder::wait(std::uint8_t slot, StepList& list) {
    ProgramStep step;
    step.kind = StepKind::wait;
    step.slot = slot;
    list.push_back(step);
}

StepList ListBuilder::forward(const OperatorList& operators, bool again) {
    StepList list;
    std::vector<Pending> pending;
    const auto settle = [&](std::size_t at) {
        for (std::size_t i = 0; i < pending.size();) {
            if (pending[i].until <= at) {
                wait(pending[i].slot, list);
                pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(i));
            } else {
                ++i;
            }
        }
    };
    for (std::size_t at = 0; at < operators.size(); ++at) {
        settle(at);
        const Operator& op = operators[at];
        if (!is_exchange(op)) {
            compute(op.forward, again, list);
        } else if (op.exchange.forward) {
            const std::uint8_t slot = begin(op.exchange, *op.exchange.forward, false, list);
            pending.push_back({at + 1 + static_cast<std::size_t>(op.exchange.beside), slot});
        }
    }
    settle(operators.size());
    MYRIAD_CHECK(pending.empty(), "an exchange runs beside operators that are not there");
    return list;
}

void ListBuilder::recompute_before(const OperatorList& operators, std::size_t at, StepList& list) {
    // What is itself computed again was so for what follows it, together with all before it.
    if (options_.recompute != Recompute::selective || at == 0 || operators[at].recomputed_selective) {
        return;
    }
    std::size_t last = at;
    if (is_exchange(operators[last - 1]) && operators[last - 1].exchange.regathered) {
        --last;  // what is gathered again must be there first
    }
    std::size_t first = last;
    while (first > 0 && operators[first - 1].recomputed_selective) {
        --first;
    }
    for (std::size_t i = first; i < last; ++i) {
        compute(operators[i].forward, true, list);
    }
}

void ListBuilder::column_gradients(const OperatorList& operators, std::size_t at, Gradients which, StepList& list) {
    const Operator& op = operators[at];
    const Exchange& exchange = operators[at - 1].exchange;
    const bool beside = options_.overlap_tensor;
    std::optional<std::uint8_t> gather;
    if (exchange.regathered && exchange.forward) {
        gather = begin(exchange, *exchange.forward, false, list);
        if (!beside) {
            wait(*std::exchange(gather, std::nullopt), list);
        }
    }
    compute(op.input_grad, false, list);
    if (gather) {
        wait(*gather, list);
    }
    std::optional<std::uint8_t> reduction;
    if (exchange.backward) {
        reduction = begin(exchange, *exchange.backward, true, list);
        if (!beside) {
            wait(*std::exchange(reduction, std::nullopt), list);
        }
    }
    if (which == Gradients::both) {
        compute(op.weight_grad, false, list);
    }
    if (reduction) {
        wait(*reduction, list);
    }
}

StepList ListBuilder::backward(const OperatorList& operators, Gradients which) {
    StepList list;
    if (which == Gradients::weight) {
        for (auto op = operators.rbegin(); op != operators.rend(); ++op) {
            compute(op->weight_grad, false, list);
        }
        return list;
    }
    std::vector<std::optional<std::uint8_t>> under_way(operators.size());
    // Exchanges that run beside the operator at `at` and those before it.
    const auto begin_beside = [&](std::size_t at) {
        for (std::size_t i = 0; i < at; ++i) {
            const Exchange& exchange = operators[i].exchange;
            if (exchange.beside > 0 && i + static_cast<std::size_t>(exchange.beside) == at && exchange.backward) {
                under_way[i] = begin(exchange, *exchange.backward, true, list);
            }
        }
    };
    for (std::size_t at = operators.size(); at-- > 0;) {
        begin_beside(at);
        const Operator& op = operators[at];
        if (!is_exchange(op)) {
            recompute_before(operators, at, list);
            const bool column = at > 0 && operators[at - 1].exchange.group == GroupKind::tensor &&
                                operators[at - 1].exchange.beside == 0 &&
                                (operators[at - 1].exchange.backward || operators[at - 1].exchange.regathered);
            if (column) {
                column_gradients(operators, at, which, list);
                begin_beside(--at);  // the exchange is done with it
                continue;
            }
            compute(op.input_grad, false, list);
            if (which == Gradients::both) {
                compute(op.weight_grad, false, list);
            }
        } else if (under_way[at]) {
            wait(*under_way[at], list);
        } else if (op.exchange.backward) {
            wait(begin(op.exchange, *op.exchange.backward, true, list), list);
        }
    }
    return list;
}

PartProgram ListBuilder::part(const OperatorList& operators) {
    PartProgram part;
    part.forward = forward(operators);
    if (options_.recompute == Recompute::full) {
        part.recompute = forward(operators, true);
    }
    part.backward = backward(operators, Gradients::both);
    part.input_grad = backward(operators, Gradients::input);
    part.weight_grad = backward(operators, Gradients::weight);
    for (const Operator& op : operators) {
        (op.expert_parameters ? part.expert : part.dense) += op.parameters;
        part.replicated += op.replicated;
        part.kept += options_.recompute == Recompute::selective ? op.kept_selective : op.kept;
    }
    return part;
}

}  // namespace myriad
