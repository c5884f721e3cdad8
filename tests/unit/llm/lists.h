#pragma once
// Sums and look-ups over operator lists.

#include "workloads/llm/layers.h"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace myriad::test {

inline double tensor_work(const std::vector<Kernel>& kernels) {
    double work = 0;
    for (const Kernel& kernel : kernels) {
        work += kernel.unit == KernelUnit::tensor ? kernel.work.count() : 0.0;
    }
    return work;
}

struct Work {
    double forward = 0, backward = 0;
};
inline Work tensor_work(const OperatorList& list) {
    Work work;
    for (const Operator& op : list) {
        work.forward += tensor_work(op.forward);
        work.backward += tensor_work(op.input_grad) + tensor_work(op.weight_grad);
    }
    return work;
}

// The first operator of this name.
inline const Operator& find(const OperatorList& list, std::string_view name) {
    for (const Operator& op : list) {
        if (op.name == name) {
            return op;
        }
    }
    FAIL("no operator " << name);
    return list.front();
}

inline bool has(const OperatorList& list, std::string_view name) {
    for (const Operator& op : list) {
        if (op.name == name) {
            return true;
        }
    }
    return false;
}

// The kernel of this label, forward or backward, of any operator.
inline const Kernel& kernel(const OperatorList& list, std::string_view label) {
    for (const Operator& op : list) {
        for (const auto* kernels : {&op.forward, &op.input_grad, &op.weight_grad}) {
            for (const Kernel& k : *kernels) {
                if (k.label == label) {
                    return k;
                }
            }
        }
    }
    FAIL("no kernel " << label);
    return list.front().forward.front();
}

inline std::string names(const OperatorList& list) {
    std::string text;
    for (const Operator& op : list) {
        text += std::string(text.empty() ? "" : " ") + std::string(op.name);
    }
    return text;
}

inline std::string labels(const std::vector<Kernel>& kernels) {
    std::string text;
    for (const Kernel& k : kernels) {
        text += std::string(text.empty() ? "" : " ") + std::string(k.label);
    }
    return text;
}

inline Bytes kept(const OperatorList& list) {
    Bytes sum{0};
    for (const Operator& op : list) {
        sum += op.kept;
    }
    return sum;
}
inline Bytes kept_selective(const OperatorList& list) {
    Bytes sum{0};
    for (const Operator& op : list) {
        sum += op.kept_selective;
    }
    return sum;
}

// A layer without experts.
inline OperatorList layer(const LlmConfig& model, const OperatorShape& shape, bool linear_attention = false) {
    return layer_operators(model, {false, linear_attention}, shape, {});
}

}  // namespace myriad::test
