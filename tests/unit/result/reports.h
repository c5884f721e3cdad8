#pragma once
// Reports made by hand, with figures that are easy to reckon with.

#include "app/run/report.h"

#include <string>

namespace myriad {

// A step of 10 s on 4 cards: 6 s compute, 1 s tensor, 0.5 s pipeline, 0.25 s data, 0.25 s model, 1.5 s bubble, 0.5 s
// optimizer.
inline TrainingReport training_report() {
    TrainingReport training;
    training.model = "tiny";
    training.plan = {.tensor_parallel = 1, .pipeline_parallel = 2, .data_parallel = 2, .global_batch = 8};
    training.capacity = Bytes{std::int64_t{16} << 30};
    TrainingResult& result = training.result;
    result.step_time = ms(10'000);
    result.lower_bound = ms(8'000);
    result.cards = 4;
    result.tokens = 8 * 4096;
    result.tokens_per_second = 3276.8;
    result.tokens_per_second_per_card = 819.2;
    result.peak = FlopPerSecond{4e14};
    result.model_flop = Flop{1.6e15};  // 40 % of 4e14 x 10
    result.model_flop_unmasked = Flop{1.8e15};
    result.executed_flop = Flop{2e15};
    result.mfu = 0.4;
    result.mfu_unmasked = 0.45;
    result.hfu = 0.5;
    const auto set = [&](SpanKind kind, Picoseconds mean) {
        result.time[static_cast<std::size_t>(kind)] = {mean, mean, mean};
    };
    set(SpanKind::compute, ms(6'000));
    set(SpanKind::tensor, ms(1'000));
    set(SpanKind::pipeline, ms(500));
    set(SpanKind::data, ms(250));
    set(SpanKind::model, ms(250));
    set(SpanKind::bubble, ms(1'500));
    set(SpanKind::optimizer, ms(500));
    result.bubble_fraction = 0.15;
    result.ideal_bubble_fraction = 0.2;  // p = 2, m = 4: 1 / (4 + 1)
    result.busy[static_cast<std::size_t>(SpanKind::tensor)] = ms(3'000);
    result.busy[static_cast<std::size_t>(SpanKind::data)] = ms(250);
    result.operators = {{"mlp_up", ms(4'000), ms(16'000)},
                        {"attention", ms(2'000), ms(8'000)},
                        {"adam", ms(500), ms(2'000), SpanKind::optimizer}};
    result.messages = 16;
    result.message_bytes = Bytes{1024};
    result.collectives = 24;
    const Bytes gib{std::int64_t{1} << 30};
    training.memory = {{gib, gib * 2, gib * 3, gib, gib}, {gib, gib * 2, gib * 3, gib / 2, Bytes{1024}}};
    return training;
}

inline RunReport run_report() {
    RunReport report;
    report.name = "by-hand";
    report.title = "A step, by hand";
    report.cluster = "four";
    report.cards = 4;
    report.fidelity = {NetworkLevel::packet, CardLevel::roofline, Bytes{1 << 20}};
    report.simulated = ms(10'000);
    report.counters = {20, 10, Bytes{10 << 20}, Bytes{10 << 20}, 30};
    report.statistics.add_count("network.hops", 20, "links crossed");
    report.statistics.add_ratio("network.share", 0.5, "of something");
    report.events = 1234;
    LinkRow link{"server0.card0", "server0.card1", "icn", BytesPerSecond{50'000'000'000}, {}, 0.25};
    link.use.bytes = Bytes{1 << 20};
    link.use.busy = ms(2'500);
    link.use.packets = 7;
    link.use.backlog_max = us(3);
    report.links = {link};
    report.laws = {"every queue is empty"};
    report.assumed = {
        {"chip.fixed",
         ValueKind::time,
         "1 us",
         Status::assumed,
         "the scenario",
         std::nullopt,
         {"/elsewhere/x.yaml", 1, 2}},
        {"chip.latency", ValueKind::time, "3 us", Status::assumed, "a guess", std::pair{"1 us", "6 us"}, {}}};
    report.not_modelled = {"weather"};
    return report;
}

inline RunReport training_run() {
    RunReport report = run_report();
    report.training = training_report();
    const std::string reason = "picked ring: two neighbours";
    report.algorithms = {{"dp[1]", CollectiveOp::all_reduce, {CollectiveAlgorithm::ring, reason}},
                         {"dp[0]", CollectiveOp::all_reduce, {CollectiveAlgorithm::ring, reason}}};
    return report;
}

inline CollectiveRow collective_row(CollectiveOp op, Bytes size, std::int64_t ranks, Picoseconds time) {
    CollectiveRow row;
    row.op = op;
    row.size = size;
    row.ranks = ranks;
    row.time = time;
    row.lower_bound = time / 2;
    row.algbw = static_cast<double>(size.count()) / seconds(time);
    row.busbw = row.algbw * bus_bandwidth_factor(op, static_cast<int>(ranks));
    return row;
}

// 4 ranks: busbw = 1.5 algbw.
inline RunReport collective_run() {
    RunReport report = run_report();
    report.title = "All-reduce, by hand";
    report.collectives = {collective_row(CollectiveOp::all_reduce, Bytes{1'000'000}, 4, us(100)),
                          collective_row(CollectiveOp::all_reduce, Bytes{100'000'000}, 4, us(10'000))};
    report.algorithms = {{"world", CollectiveOp::all_reduce, {CollectiveAlgorithm::ring, ""}}};
    return report;
}

}  // namespace myriad
