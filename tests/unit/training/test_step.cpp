// One training step against closed forms. layer_times(f, b): a layer takes f forward and b backward, so that a stage of
// L / p layers has tf = f L / p and tb = b L / p for a micro-batch.

#include "sim/error/error.h"
#include "tests/unit/training/cluster.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace myriad;
using namespace myriad::test;

TEST_CASE("1F1B takes (m + p - 1)(tf + tb) when communication is free") {
    for (const PipelineSchedule schedule : {PipelineSchedule::one_forward_one_backward, PipelineSchedule::gpipe}) {
        for (const std::int64_t p : {1, 2, 4, 8}) {
            for (const std::int64_t m : {1, 2, 3, 8, 17}) {
                Cluster cluster(p, layer_times(us(3), us(5)));
                ParallelPlan plan = small_plan(1, p, 1, m);
                plan.schedule = schedule;
                const TrainingResult result = cluster.run(small_model(), plan);
                const Picoseconds stage = us(3 + 5) * (8 / p);
                CAPTURE(p, m);
                CHECK(result.step_time == stage * (m + p - 1));
                // Every rank computes m (tf + tb); all the rest is bubble.
                CHECK(result.of(SpanKind::compute).min == stage * m);
                CHECK(result.of(SpanKind::bubble).min == stage * (p - 1));
                CHECK(result.of(SpanKind::bubble).max == stage * (p - 1));
                CHECK(result.bubble_fraction == Approx(result.ideal_bubble_fraction));
                CHECK(result.lower_bound == result.step_time);
            }
        }
    }
}

TEST_CASE("a bubble is the same with and without a gradient norm to wait for") {
    for (const bool clip : {false, true}) {
        Cluster cluster(4, layer_times(us(1), us(2)));
        ParallelPlan plan = small_plan(1, 4, 1, 6);
        plan.clip_gradients = clip;
        const TrainingResult result = cluster.run(small_model(), plan);
        CHECK(result.of(SpanKind::bubble).min == us(6) * 3);
        CHECK(result.of(SpanKind::bubble).max == us(6) * 3);
    }
}

TEST_CASE("with one micro-batch every hop adds its message time twice") {
    Cluster cluster(4, layer_times(us(1), us(2)));
    cluster.network.message_time = us(7);
    ParallelPlan plan = small_plan(1, 4, 1, 1);
    plan.clip_gradients = false;
    const TrainingResult result = cluster.run(small_model(), plan);
    // Eight layers there and back, three hops each way.
    CHECK(result.step_time == us(8 * 3 + 2 * 3 * 7));
    // First and last stage wait for one message, the others for two; stages 1 to 3 wait for their last send too, which
    // is the same 7 us.
    CHECK(result.of(SpanKind::pipeline).min == us(7));
    CHECK(result.of(SpanKind::pipeline).max == us(3 * 7));
    // 3 stage boundaries x 2 directions, 32 tokens x 64 channels x 2 bytes
    CHECK(result.messages == 6);
    CHECK(result.message_bytes == Bytes{6 * 32 * 64 * 2});
}

TEST_CASE("every message that is sent is received, once") {
    Cluster cluster(2 * 4 * 2, layer_times(us(1), us(2)));
    cluster.network.message_time = us(1);
    const TrainingResult result = cluster.run(small_model(), small_plan(2, 4, 2, 5));
    // tp 2 x dp 2 pipelines, 3 boundaries, 5 micro-batches, both directions
    CHECK(cluster.network.messages.size() == 4 * 3 * 5 * 2);
    for (const auto& [key, count] : cluster.network.messages) {
        CHECK(count == std::pair{1, 1});
    }
    CHECK(result.messages == 4 * 3 * 5 * 2);
    CHECK(cluster.network.mismatches.empty());
}

TEST_CASE("tensor parallelism waits for its collectives") {
    // No sequence parallelism, no overlap: per layer two all-reduces forward and two backward; embedding one forward;
    // head three for the loss forward, one backward. 8 layers, 3 micro-batches, 11 us each.
    Cluster cluster(4, layer_times(us(2), us(4)));
    cluster.network.collective_time["tp"] = us(11);
    ParallelPlan plan = small_plan(4, 1, 1, 3);
    plan.sequence_parallel = false;
    plan.overlap_tensor_parallel = false;
    const TrainingResult result = cluster.run(small_model(), plan);
    const std::int64_t calls = 3 * (8 * 4 + 1 + 3 + 1);
    CHECK(result.of(SpanKind::tensor).max == us(11) * calls);
    CHECK(result.step_time == us(11) * calls + us(3 * 8 * 6));
    CHECK(result.busy_of(SpanKind::tensor) == us(11) * calls);
    CHECK(static_cast<std::int64_t>(cluster.network.collectives.size()) == calls + 1);  // and the gradient norm
}

TEST_CASE("an all-reduce beside the weight's gradient is hidden") {
    // Only mlp_up's wgrad takes time: 20 us, longer than the all-reduce of 11 us that runs beside it.
    const auto wgrad = [](const Kernel& kernel) { return kernel.label == "mlp_up_wgrad" ? us(20) : Picoseconds{0}; };
    const auto exposed = [&](bool overlap) {
        Cluster cluster(2, wgrad);
        cluster.network.collective_time["tp"] = us(11);
        ParallelPlan plan = small_plan(2, 1, 1, 1);
        plan.sequence_parallel = false;
        plan.overlap_tensor_parallel = overlap;
        const TrainingResult result = cluster.run(small_model(), plan);
        // Hidden or not, the collectives take as long: 8 layers x 4, embedding, head's 3 and 1.
        CHECK(result.busy_of(SpanKind::tensor) == us(11) * (8 * 4 + 1 + 4));
        return result.of(SpanKind::tensor).max;
    };
    CHECK(exposed(false) - exposed(true) == us(11) * 8);
}

TEST_CASE("gradient reduction hides behind the backward pass of earlier layers") {
    // Head bucket and eight layer buckets are ready one after the other, 5 us apart; a bucket takes 4 us. The last
    // layer's bucket and the embedding's are ready when backward ends: two buckets are exposed.
    const auto run = [](bool overlap, Picoseconds bucket) {
        Cluster cluster(2, layer_times(us(1), us(5)));
        cluster.network.collective_time["dp"] = bucket;
        ParallelPlan plan = small_plan(1, 1, 2, 3);
        plan.overlap_gradient_reduction = overlap;
        plan.zero_stage = 0;
        const TrainingResult result = cluster.run(small_model(), plan);
        CHECK(result.busy_of(SpanKind::data) == bucket * 10);
        return result;
    };
    CHECK(run(true, us(4)).of(SpanKind::data).max == us(8));
    CHECK(run(true, us(4)).step_time == us(3 * 8 * 6 + 8));
    CHECK(run(false, us(4)).of(SpanKind::data).max == us(40));
    // Longer than a layer: 10 buckets of 7 us one after the other from the head's, 8 x 5 us of backward beside them.
    CHECK(run(true, us(7)).of(SpanKind::data).max == us(70 - 40));
}

TEST_CASE("ZeRO-1 scatters gradients and gathers weights") {
    Cluster cluster(4, layer_times(us(1), us(2)));
    cluster.network.collective_time["dp"] = us(3);
    const LlmConfig model = small_model();
    ParallelPlan plan = small_plan(1, 1, 4, 1);
    plan.clip_gradients = false;
    const TrainingResult result = cluster.run(model, plan);
    std::map<CollectiveOp, std::pair<int, std::int64_t>> seen;
    for (const auto& record : cluster.network.collectives) {
        ++seen[record.op].first;
        seen[record.op].second += record.size.count();
    }
    // Head, 8 layers, embedding: fp32 gradients of all parameters; then bf16 weights, once.
    CHECK(seen[CollectiveOp::reduce_scatter] == std::pair{10, 4 * total_parameters(model)});
    CHECK(seen[CollectiveOp::all_gather] == std::pair{1, 2 * total_parameters(model)});
    CHECK(seen.size() == 2);
    CHECK(result.of(SpanKind::data).max >= us(3));
}

TEST_CASE("throughput and utilisation follow their formulas") {
    Cluster cluster(4, layer_times(us(1), us(2)));
    const LlmConfig model = small_model();
    ParallelPlan plan = small_plan(2, 2, 1, 4);
    plan.recompute = Recompute::full;
    const TrainingResult result = cluster.run(model, plan);
    const double tokens = 4 * 32;
    // mlp_up runs again in backward: a layer takes 1 + (1 + 2) us; 4 layers a stage; m + p - 1 = 5.
    const double time = 5 * 4 * 4e-6;
    CHECK(seconds(result.step_time) == Approx(time));
    CHECK(result.tokens_per_second == Approx(tokens / time));
    CHECK(result.tokens_per_second_per_card == Approx(tokens / time / 4));
    // 6 N and 12 x 8 layers x 64 channels x 33 / 2 pairs a token; peak 1e15 a card.
    const double flop = tokens * (6.0 * static_cast<double>(matrix_parameters(model)) + 12.0 * 8 * 64 * 33 / 2);
    CHECK(result.mfu == Approx(flop / (4e15 * time)));
    // Done: layers 4/3 of their matrices (recompute), head once (its padding: 512 is a multiple of 256), attention
    // 2 + 2 + 5 products instead of 6.
    const double head = 512.0 * 64;
    const double layers = static_cast<double>(matrix_parameters(model)) - head;
    const double attention = 12.0 * 8 * 64 * 33 / 2;
    CHECK(result.executed_flop.count() == Approx(tokens * (8 * layers + 6 * head + attention * 9 / 6)));
    CHECK(result.hfu > result.mfu);
}

TEST_CASE("operator times add up to compute and optimizer") {
    Cluster cluster(8, [](const Kernel& kernel) { return ps(static_cast<std::int64_t>(kernel.label.size()) * 100); });
    const TrainingResult result = cluster.run(small_model(), small_plan(2, 2, 2, 3));
    Picoseconds operators{0};
    Picoseconds busy{0};
    for (const OperatorTime& op : result.operators) {
        operators += op.total;
    }
    for (const auto& card : cluster.cards) {
        busy += card->busy();
    }
    CHECK(operators == busy);
    CHECK(result.of(SpanKind::optimizer).mean == ps(400));  // "adam"
}

TEST_CASE("every mix of dimensions finishes and obeys the laws") {
    // result() itself checks: all finished, bytes match, every instant counted once, not below the bound.
    LlmConfig tied = small_model();
    tied.tied_embeddings = true;
    tied.qk_norm = true;
    for (const std::int64_t tp : {1, 2, 4}) {
        for (const std::int64_t pp : {1, 2, 4}) {
            for (const std::int64_t dp : {1, 3}) {
                for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
                    ParallelPlan plan = small_plan(tp, pp, dp, 3);
                    plan.recompute = recompute;
                    plan.sequence_parallel = dp == 1;
                    plan.scatter_gather_pipeline = dp == 3;
                    plan.attention = tp == 2 ? AttentionKernel::unfused : AttentionKernel::flash;
                    Cluster cluster(tp * pp * dp, [](const Kernel& kernel) {
                        return ps(static_cast<std::int64_t>(kernel.label.size()) * 100);
                    });
                    cluster.network.collective_time = {
                        {"tp", ns(7)}, {"dp", ns(5)}, {"model", ns(3)}, {"embedding", ns(2)}};
                    cluster.network.message_time = ns(9);
                    const TrainingResult result = cluster.run(tied, plan);
                    CAPTURE(tp, pp, dp);
                    CHECK(result.step_time > result.lower_bound - ps(1));
                    CHECK(cluster.network.mismatches.empty());
                    CHECK(result.of(SpanKind::compute).min > Picoseconds{0});
                }
            }
        }
    }
}

TEST_CASE("a message that is lost breaks a law, and the error says who waits for what") {
    const auto dump = [](std::uint64_t first_lost_tag) {
        Cluster cluster(2, layer_times(us(1), us(2)));
        cluster.network.loses_from_tag = first_lost_tag;
        TrainingStep step(small_model(), small_plan(1, 2, 1, 3), cluster.platform());
        step.start();
        cluster.agenda.run();
        CHECK_FALSE(step.finished());
        CHECK_THROWS_AS(step.result(), LawError);
        return step.unfinished();
    };
    CHECK(dump(0) ==
          "rank 0 (tp 0, dp 0, pp 0): waits for gradient, micro-batch 0\n"
          "rank 1 (tp 0, dp 0, pp 1): waits for activation, micro-batch 0\n");
    // Tags are 2 x micro-batch + direction: from 2 on, micro-batch 0 gets through both ways.
    CHECK(dump(2) ==
          "rank 0 (tp 0, dp 0, pp 0): waits for gradient, micro-batch 1\n"
          "rank 1 (tp 0, dp 0, pp 1): waits for activation, micro-batch 1\n");
}

TEST_CASE("replicated and shared parameters have their gradients summed") {
    LlmConfig model = small_model();
    model.tied_embeddings = true;
    Cluster cluster(8, layer_times(us(1), us(2)));
    cluster.network.collective_time["embedding"] = us(5);
    cluster.run(model, small_plan(2, 2, 2, 2));
    std::int64_t tied = 0;
    std::int64_t norms = 0;
    for (const auto& record : cluster.network.collectives) {
        // Table of 512 x 64 over tp 2, fp32. Norms: 4 layers x 2 x 64, on the last stage the final norm's 64 more.
        tied += record.dimension == "embedding" && record.size == Bytes{512 * 64 / 2 * 4} ? 1 : 0;
        norms += record.dimension == "tp" && record.op == CollectiveOp::all_reduce &&
                         (record.size == Bytes{4 * 2 * 64 * 4} || record.size == Bytes{(4 * 2 + 1) * 64 * 4})
                     ? 1
                     : 0;
    }
    CHECK(tied == 4);   // tp x dp pairs of first and last stage
    CHECK(norms == 4);  // pp x dp groups
}

TEST_CASE("scattered pipeline messages are gathered where they arrive") {
    const auto gathers = [](bool scatter) {
        Cluster cluster(4, layer_times(us(1), us(2)));
        ParallelPlan plan = small_plan(2, 2, 1, 3);
        plan.sequence_parallel = false;
        plan.scatter_gather_pipeline = scatter;
        cluster.run(small_model(), plan);
        const auto& all = cluster.network.collectives;
        return std::count_if(all.begin(), all.end(), [](const auto& r) { return r.op == CollectiveOp::all_gather; });
    };
    CHECK(gathers(false) == 0);
    CHECK(gathers(true) == 3 * 2);  // micro-batches, both directions
}

TEST_CASE("the lower bound is reached where nothing contends and every wait is on the longest chain") {
    // A floor of latency alone: the injection moves any of these messages in less than a picosecond. The network takes
    // exactly that latency.
    const NetworkFloor floor{BytesPerSecond{4'000'000'000'000'000'000}, us(7)};
    for (const auto& [tp, pp, batches] : {std::tuple{4, 1, 3}, {1, 4, 1}, {2, 4, 1}}) {
        for (const bool beside : {false, true}) {
            CAPTURE(tp, pp, beside);
            Cluster cluster(tp * pp, layer_times(us(2), us(4)));
            cluster.network.collective_time["tp"] = us(7);
            cluster.network.message_time = us(7);
            ParallelPlan plan = small_plan(tp, pp, 1, batches);
            plan.overlap_tensor_parallel = beside;
            plan.sequence_parallel = false;
            plan.clip_gradients = false;
            TrainingPlatform platform = cluster.platform();
            platform.floor = floor;
            TrainingStep step(small_model(), plan, platform);
            step.start();
            cluster.agenda.run();
            const TrainingResult result = step.result();
            CHECK(result.lower_bound == result.step_time);
            CHECK(result.lower_bound > us(8 * 6 * batches));
        }
    }
}

TEST_CASE("a result below the lower bound breaks a law") {
    Cluster cluster(2, layer_times(us(2), us(4)));
    TrainingPlatform platform = cluster.platform();
    platform.floor = {BytesPerSecond{1'000'000'000}, us(1)};  // the network of this test takes no time at all
    TrainingStep step(small_model(), small_plan(2, 1, 1, 1), platform);
    step.start();
    cluster.agenda.run();
    CHECK_THROWS_AS(step.result(), LawError);
}

TEST_CASE("a slow card makes its tensor-parallel peer wait") {
    Cluster cluster(2, layer_times(us(2), us(4)));
    cluster.cards[1] = std::make_unique<FakeCard>(cluster.agenda, ComponentId{3}, layer_times(us(4), us(8)));
    ParallelPlan plan = small_plan(2, 1, 1, 3);
    plan.clip_gradients = false;
    TrainingStep step(small_model(), plan, cluster.platform());
    step.start();
    cluster.agenda.run();
    const TrainingResult result = step.result();
    CHECK(result.step_time == us(3 * 8 * 12));
    const auto time = [&](std::int64_t rank, SpanKind kind) {
        return step.rank_times(rank).time[static_cast<std::size_t>(kind)];
    };
    CHECK(time(0, SpanKind::compute) == us(3 * 8 * 6));
    CHECK(time(0, SpanKind::tensor) == us(3 * 8 * 6));
    CHECK(time(1, SpanKind::compute) == us(3 * 8 * 12));
    CHECK(time(1, SpanKind::tensor) == us(0));
}

TEST_CASE("a plan that cannot run is refused with its reasons") {
    Cluster cluster(2, layer_times(us(1), us(2)));
    CHECK_THROWS_WITH(TrainingStep(small_model(), small_plan(2, 2, 1, 1), cluster.platform()),
                      Catch::Contains("is 4 ranks, but the cluster has 2 cards"));
    cluster.cards[1]->capacity = Bytes{1000};  // the smallest card decides
    CHECK_THROWS_WITH(TrainingStep(small_model(), small_plan(2, 1, 1, 1), cluster.platform()),
                      Catch::Contains("the plan does not fit"));
}

namespace {

class Collector final : public SpanSink {
public:
    void on_span(const Span& span) override { spans.push_back(span); }
    std::vector<Span> spans;
};

}  // namespace

TEST_CASE("spans of a rank follow each other without a gap and without an overlap") {
    Cluster cluster(8, layer_times(us(1), us(2)));
    cluster.network.collective_time = {{"tp", ns(700)}, {"dp", ns(500)}, {"model", ns(300)}};
    cluster.network.message_time = ns(900);
    Collector collector;
    TrainingPlatform platform = cluster.platform();
    platform.spans = &collector;
    TrainingStep step(small_model(), small_plan(2, 2, 2, 3), platform);
    step.start();
    cluster.agenda.run();
    const TrainingResult result = step.result();
    std::map<std::int64_t, TimePoint> end;
    for (const Span& span : collector.spans) {
        if (!span.beside) {
            CHECK(span.start == end[span.rank]);
            end[span.rank] = span.end;
        }
    }
    CHECK(end.size() == 8);
    CHECK(std::max_element(end.begin(), end.end(), [](auto a, auto b) { return a.second < b.second; })->second ==
          TimePoint{result.step_time});
}
