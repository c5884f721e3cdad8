// A training step for the reader: rates with the convention they follow, the step divided among kinds of work (they add
// up to it, a law of the run), memory a stage.

#include "app/result/training_summary.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

namespace myriad {
namespace {

constexpr std::size_t kOperatorsShown = 10;
constexpr std::size_t kStagesShown = 16;
constexpr double kBarWidth = 40.0;     // of the whole step
constexpr double kSameShare = 0.0005;  // shares that differ by less print alike

double share_of(Picoseconds part, Picoseconds whole) {
    return whole.count() > 0 ? seconds(part) / seconds(whole) : 0.0;
}

std::string line(const std::string& label, const std::string& text) {
    return paragraph(label, text, kSummaryIndent, kSummaryWidth);
}

std::string rates_text(const TrainingResult& result) {
    std::string out = line("step time", fmt::format("{}; lower bound without contention {} ({} of it)",
                                                    human_text(result.step_time), human_text(result.lower_bound),
                                                    percent(share_of(result.lower_bound, result.step_time))));
    out += line("throughput",
                fmt::format("{} tokens/s, {} tokens/s per card; {} tokens a step", figure(result.tokens_per_second),
                            figure(result.tokens_per_second_per_card), grouped(result.tokens)));
    out += line("MFU", fmt::format("{} of {} (the peak of {} cards): forward and backward once, attention pairs under "
                                   "the causal mask not counted",
                                   percent(result.mfu), human_text(result.peak), grouped(result.cards)));
    out += line("", fmt::format("{} with the masked pairs counted too, as Megatron and PaLM do: compare this one with "
                                "published figures",
                                percent(result.mfu_unmasked)));
    if (std::abs(result.hfu - result.mfu) >= kSameShare) {
        out += line("HFU", fmt::format("{}: what the matrix units did, recomputation and padding included",
                                       percent(result.hfu)));
    }
    return out;
}

// Rows of the table of times; every time is a mean over cards.
class TimeTable {
public:
    explicit TimeTable(Picoseconds step)
        : step_(step), table_({{"", Align::left}, {"time"}, {"of step"}, {"", Align::left}}) {}
    void add(const std::string& name, Picoseconds time, const std::string& remark = "") {
        const double share = share_of(time, step_);
        std::string bar(static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * kBarWidth)), '#');
        if (!remark.empty()) {
            bar += (bar.empty() ? "" : " ") + remark;
        }
        table_.add({name, human_text(time), percent(share), bar});
    }
    [[nodiscard]] std::string text() const { return table_.text(2); }

private:
    Picoseconds step_;
    AlignedTable table_;
};

void add_operators(const TrainingReport& training, TimeTable& table) {
    const TrainingResult& result = training.result;
    std::size_t shown = 0;
    std::int64_t others = 0;
    Picoseconds other_time{0};
    for (const OperatorTime& op : result.operators) {
        if (op.kind != SpanKind::compute) {
            continue;
        }
        if (shown < kOperatorsShown) {
            const OperatorLimit* limit = limit_of(training, op.label);
            table.add("  " + op.label, op.mean_per_card, limit == nullptr ? "" : std::string(name_of(limit->limit)));
            ++shown;
        } else {
            other_time += op.mean_per_card;
            ++others;
        }
    }
    if (others > 0) {
        table.add(fmt::format("  {} other operators", others), other_time);
    }
}

std::string hidden_text(std::string_view group, Picoseconds busy, Picoseconds exposed) {
    const Picoseconds hidden = std::max(busy - exposed, Picoseconds{0});
    return fmt::format("{} collectives took {}, {} of it hidden beside kernels", group, human_text(busy),
                       hidden.count() == 0 ? "none" : human_text(hidden));
}

std::string time_text(const TrainingReport& training) {
    const TrainingResult& result = training.result;
    TimeTable table(result.step_time);
    table.add("compute", result.of(SpanKind::compute).mean);
    add_operators(training, table);
    constexpr SpanKind kCommunication[] = {SpanKind::tensor,   SpanKind::context, SpanKind::expert,
                                           SpanKind::pipeline, SpanKind::data,    SpanKind::model};
    Picoseconds exposed{0};
    for (const SpanKind kind : kCommunication) {
        exposed += result.of(kind).mean;
    }
    table.add("exposed communication", exposed);
    for (const SpanKind kind : kCommunication) {
        // Dense models on short sequences have neither of these.
        const bool rare = kind == SpanKind::context || kind == SpanKind::expert;
        if (!rare || result.busy_of(kind).count() > 0) {
            table.add("  " + std::string(name_of(kind)), result.of(kind).mean);
        }
    }
    const bool pipelined = result.ideal_bubble_fraction > 0.0;
    table.add("bubble", result.of(SpanKind::bubble).mean,
              pipelined ? fmt::format("(ideal pipeline: {})", percent(result.ideal_bubble_fraction)) : "");
    table.add("optimizer", result.of(SpanKind::optimizer).mean);

    std::string out = fmt::format("Where the time goes (mean over {} cards)\n", grouped(result.cards)) + table.text();
    for (const SpanKind kind : {SpanKind::tensor, SpanKind::context, SpanKind::expert, SpanKind::data}) {
        if (result.busy_of(kind).count() > 0) {
            out += "  " + hidden_text(name_of(kind), result.busy_of(kind), result.of(kind).mean) + '\n';
        }
    }
    if (training.has_experts && result.imbalance > 1.0) {
        out +=
            fmt::format("  the fullest card of experts has {:.2f}x the mean of tokens{}\n", result.imbalance,
                        result.dropped > 0.0 ? fmt::format(", {} of visits are dropped", percent(result.dropped)) : "");
    }
    return out;
}

// In one unit, so that the rows of a table can be compared; what would round to nothing keeps its own.
std::string gib_text(Bytes size) {
    constexpr double kGib = 1073741824.0;
    constexpr double kSmallest = 0.005;
    const double gib = static_cast<double>(size.count()) / kGib;
    return size.count() > 0 && gib < kSmallest ? human_text(size) : fmt::format("{:.2f} GiB", gib);
}

// The fullest stages, in the order of the pipeline.
std::vector<std::size_t> stages_shown(const std::vector<MemoryUse>& memory) {
    std::vector<std::size_t> stages(memory.size());
    for (std::size_t i = 0; i < stages.size(); ++i) {
        stages[i] = i;
    }
    if (stages.size() > kStagesShown) {
        std::stable_sort(stages.begin(), stages.end(),
                         [&](std::size_t a, std::size_t b) { return memory[a].total() > memory[b].total(); });
        stages.resize(kStagesShown);
        std::sort(stages.begin(), stages.end());
    }
    return stages;
}

std::string memory_text(const TrainingReport& training) {
    AlignedTable table(
        {{"stage"}, {"weights"}, {"gradients"}, {"optimizer"}, {"activations"}, {"transient"}, {"total"}, {"of card"}});
    const std::vector<std::size_t> stages = stages_shown(training.memory);
    for (const std::size_t stage : stages) {
        const MemoryUse& use = training.memory[stage];
        const auto capacity = static_cast<double>(training.capacity.count());
        const double share = capacity > 0.0 ? static_cast<double>(use.total().count()) / capacity : 0.0;
        table.add({std::to_string(stage), gib_text(use.weights), gib_text(use.gradients), gib_text(use.optimizer),
                   gib_text(use.activations), gib_text(use.transient), gib_text(use.total()), percent(share)});
    }
    std::string out =
        fmt::format("Memory of a card, by pipeline stage ({} each)\n", human_text(training.capacity)) + table.text(2);
    if (stages.size() < training.memory.size()) {
        out += fmt::format("  {} stages that hold no more: see result.json\n", training.memory.size() - stages.size());
    }
    return out;
}

}  // namespace

std::string plan_line(const TrainingReport& training) {
    const ParallelPlan& plan = training.plan;
    std::string degrees = fmt::format("tensor {} x data {} x pipeline {}", plan.tensor_parallel, plan.data_parallel,
                                      plan.pipeline_parallel);
    if (plan.context_parallel > 1) {
        degrees += fmt::format(" x context {}", plan.context_parallel);
    }
    if (plan.expert_parallel > 1) {
        degrees += fmt::format(", expert {}", plan.expert_parallel);
    }
    if (plan.expert_tensor_parallel > 1) {
        degrees += fmt::format(" x {}", plan.expert_tensor_parallel);
    }
    return fmt::format("{}: {}, {} sequences of {} tokens, {} micro-batches of {}", training.model, degrees,
                       grouped(plan.global_batch), grouped(plan.sequence_length), grouped(plan.micro_batches()),
                       plan.micro_batch);
}

std::string folding_line(const TrainingReport& training) {
    const TrainingResult& result = training.result;
    if (result.folding.empty()) {
        return "";
    }
    if (result.programs == result.cards) {
        return line("folding", fmt::format("none, all {} cards ran: {}", grouped(result.cards), result.folding));
    }
    return line("folding", fmt::format("{} of {} cards ran, each for those that are exactly like it",
                                       grouped(result.programs), grouped(result.cards)));
}

std::string training_text(const TrainingReport& training) {
    return '\n' + rates_text(training.result) + folding_line(training) + '\n' + time_text(training) + '\n' +
           memory_text(training);
}

}  // namespace myriad
