// Inference: the run, what binds its kernels, what a million tokens cost.

#include "app/run/inference.h"

#include "app/run/collective_bound.h"
#include "app/system/platform.h"
#include "models/hbm/roofline_hbm.h"
#include "models/kernel_table/kernel_table.h"
#include "models/ppu/roofline.h"
#include "sim/error/error.h"
#include "workloads/inference/step.h"

#include <algorithm>
#include <map>

namespace myriad {
namespace {

KernelBind bind_of(KernelLimit limit) {
    switch (limit) {
        case KernelLimit::tensor:
            return KernelBind::matrix;
        case KernelLimit::vector:
            return KernelBind::vector;
        case KernelLimit::hbm:
            return KernelBind::hbm;
        case KernelLimit::cache:
        case KernelLimit::core_port:
            return KernelBind::on_chip;
        case KernelLimit::launch:  // of the rest: too short to fill the card
        case KernelLimit::latency:
            break;
    }
    return KernelBind::latency;
}

class BindCounter {
public:
    BindCounter(const ChipConfig& chip, KernelTable* kernels) : chip_(chip), kernels_(kernels) {}

    void add(std::string_view label, const Kernel& kernel, std::int64_t times) {
        BindTimes& sum = sums_[std::string(label)];
        const auto put = [&](KernelBind bind, Picoseconds time) {
            sum[static_cast<std::size_t>(bind)] += time * times;
        };
        if (kernels_ != nullptr) {
            const KernelResult& result = kernels_->result(kernel);
            put(KernelBind::launch, result.launch);
            put(bind_of(result.limit), result.total - result.launch);
            return;
        }
        const RooflineTime time = roofline_time(chip_, kernel);
        const bool matrix = kernel.unit == KernelUnit::tensor;
        put(KernelBind::launch, time.launch);
        put(time.memory > time.compute ? KernelBind::hbm
            : matrix                   ? KernelBind::matrix
                                       : KernelBind::vector,
            time.total - time.launch);
    }

    [[nodiscard]] OperatorBind take(const std::string& label, std::int64_t cards_and_steps) const {
        OperatorBind bind{label, {}};
        if (const auto found = sums_.find(label); found != sums_.end()) {
            bind.time = found->second;
        }
        for (Picoseconds& time : bind.time) {
            time = time / cards_and_steps;
        }
        return bind;
    }

private:
    const ChipConfig& chip_;
    KernelTable* kernels_;
    std::map<std::string, BindTimes> sums_;
};

std::optional<TokenCost> cost_of(const ChipFile& chip, const InferenceResult& result) {
    if (!chip.rent || result.tokens_per_second <= 0.0) {
        return std::nullopt;
    }
    constexpr double kTokens = 1e6;
    constexpr double kSecondsOfHour = 3600.0;
    const double hours = kTokens / result.tokens_per_second / kSecondsOfHour;
    const double card_hours = hours * static_cast<double>(result.cards);
    TokenCost cost;
    cost.rent = *chip.rent;
    cost.usd = chip.rent->value.count() * card_hours;
    cost.low = chip.rent->range ? chip.rent->range->first.count() * card_hours : cost.usd;
    cost.high = chip.rent->range ? chip.rent->range->second.count() * card_hours : cost.usd;
    return cost;
}

InferencePlatform platform_of(Platform& platform, const InferenceWorkload& workload, const ChipConfig& chip) {
    InferencePlatform result{{}, {}, platform.network(), platform.agenda(), nullptr, {}, {}};
    result.floor.latency = Picoseconds::max();
    for (const CardId card : workload.cards) {
        result.cards.push_back(&platform.card(card));
        result.placement.push_back(card);
        result.floor.latency = std::min(result.floor.latency, shortest_latency(platform.topology(), card));
        result.floor.injection = std::max(result.floor.injection, injection_bandwidth(platform.topology(), card));
    }
    result.memory = {chip.hbm.bandwidth, RooflineHbmModel(chip.hbm).attained()};
    return result;
}

}  // namespace

InferenceReport run_inference(Platform& platform, const InferenceWorkload& workload, const ChipFile& chip,
                              KernelTable* kernels, SpanSink* spans) {
    InferencePlatform parts = platform_of(platform, workload, chip.chip);
    parts.spans = spans;
    InferenceRun run(workload.model, workload.plan, std::move(parts));
    run.start();
    platform.run();
    if (!run.finished()) {
        throw LawError("every operation issued has finished", "inference", run.unfinished());
    }
    InferenceReport report;
    report.model = workload.model.name;
    report.plan = workload.plan;
    report.result = run.result();
    report.memory = memory_by_stage(workload.model, workload.plan);
    report.capacity = platform.card(workload.cards.front()).memory_capacity();
    report.memory_peak = chip.chip.hbm.bandwidth;
    report.memory_streaming = RooflineHbmModel(chip.chip.hbm).attained();
    report.has_experts = workload.model.has_experts();
    BindCounter counter(chip.chip, kernels);
    run.visit_kernels(
        [&](std::string_view label, const Kernel& kernel, std::int64_t times) { counter.add(label, kernel, times); });
    Picoseconds alone{0};
    for (const OperatorTime& op : report.result.operators) {
        report.binds.push_back(counter.take(op.label, workload.plan.ranks() * workload.plan.steps));
        for (const Picoseconds time : report.binds.back().time) {
            alone += time;
        }
    }
    report.slowed = std::max(Picoseconds{0}, report.result.of(SpanKind::compute).mean - alone);
    report.cost = cost_of(chip, report.result);
    return report;
}

}  // namespace myriad
