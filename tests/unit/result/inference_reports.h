#pragma once
// Inference made by hand.

#include "tests/unit/result/reports.h"

namespace myriad {

// Decode of 40 sequences on 4 cards, 10 ms a token: 6 ms HBM, 2 ms launches, 1.5 ms tensor, 0.5 ms bubble. Weights and
// cache of 12 GB: 6 ms at 2 TB/s, 7.5 ms at 1.6 TB/s. 4,000 tokens/s: a million takes 250 s of 4 cards at 0.72 USD/h,
// 0.2 USD; at 0.36 to 1.44 USD/h 0.1 to 0.4.
inline InferenceReport inference_report() {
    InferenceReport inference;
    inference.model = "tiny";
    inference.plan = {.tensor_parallel = 4, .batch = 40, .context = 1000};
    inference.capacity = Bytes{std::int64_t{16} << 30};
    inference.memory = {{Bytes{std::int64_t{8} << 30}, Bytes{std::int64_t{2} << 30}, Bytes{std::int64_t{1} << 30}}};
    inference.memory_peak = BytesPerSecond{2'000'000'000'000};
    inference.memory_streaming = BytesPerSecond{1'600'000'000'000};
    InferenceResult& result = inference.result;
    result.step_time = ms(10);
    result.shortest_step = ms(10);
    result.longest_step = ms(10);
    result.lower_bound = ms(8);
    result.cards = 4;
    result.sequences = 40;
    result.tokens = 40;
    result.tokens_per_second = 4000.0;
    result.tokens_per_second_per_card = 1000.0;
    result.model_flop = Flop{1e12};
    result.peak = FlopPerSecond{1e15};
    result.mfu = 0.1;
    result.memory_bound = {Bytes{9'000'000'000}, Bytes{3'000'000'000}, ms(6), us(7'500)};
    const auto set = [&](SpanKind kind, Picoseconds time) {
        result.time[static_cast<std::size_t>(kind)] = {time, time, time};
    };
    set(SpanKind::compute, ms(8));
    set(SpanKind::tensor, us(1'500));
    set(SpanKind::bubble, us(500));
    result.operators = {{"mlp_up", ms(7), ms(28), SpanKind::compute, {}},
                        {"rope", ms(1), ms(4), SpanKind::compute, {}}};
    OperatorBind mlp{"mlp_up", {}};
    mlp.time[static_cast<std::size_t>(KernelBind::hbm)] = ms(6);
    mlp.time[static_cast<std::size_t>(KernelBind::launch)] = ms(1);
    OperatorBind rope{"rope", {}};
    rope.time[static_cast<std::size_t>(KernelBind::launch)] = ms(1);
    inference.binds = {mlp, rope};
    TokenCost cost{0.2, 0.1, 0.4, {}};
    cost.rent.value = UsDollarsPerHour{0.72};
    cost.rent.range = std::pair{UsDollarsPerHour{0.36}, UsDollarsPerHour{1.44}};
    inference.cost = cost;
    return inference;
}

inline RunReport inference_run() {
    RunReport report = run_report();
    report.inference = inference_report();
    return report;
}

}  // namespace myriad
