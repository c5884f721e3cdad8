// Times stay whole picoseconds: a double holds them exactly up to 2.5 hours of simulated time.

#include "app/sweep/measure.h"

#include "app/result/words.h"
#include "app/scenario/metric.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <algorithm>

namespace myriad {
namespace {

constexpr std::string_view kAlgorithms = "algorithms";

double number(Picoseconds time) { return static_cast<double>(time.count()); }

class Values {
public:
    Values() : values_(all_metrics().size()) {}
    void set(std::string_view name, double value) {
        const auto index = find_metric(name);
        MYRIAD_CHECK(index.has_value(), "no metric is called " + std::string(name));
        values_[*index] = value;
    }
    [[nodiscard]] std::vector<std::optional<double>> take() && { return std::move(values_); }

private:
    std::vector<std::optional<double>> values_;
};

void measure_collective(const CollectiveRow& row, Values& values) {
    values.set("duration", number(row.time));
    values.set("time", number(row.time));
    values.set("lower_bound", number(row.lower_bound));
    if (row.time.count() > 0) {
        values.set("lower_bound_share", number(row.lower_bound) / number(row.time));
        values.set("algbw", row.algbw);
        values.set("busbw", row.busbw);
    }
}

void measure_training(const TrainingReport& training, Values& values) {
    const TrainingResult& result = training.result;
    values.set("duration", number(result.step_time));
    values.set("step_time", number(result.step_time));
    values.set("tokens_per_second", result.tokens_per_second);
    values.set("tokens_per_second_per_card", result.tokens_per_second_per_card);
    values.set("mfu", result.mfu);
    values.set("mfu_unmasked", result.mfu_unmasked);
    values.set("hfu", result.hfu);
    values.set("compute", number(result.of(SpanKind::compute).mean));
    values.set("exposed_tensor", number(result.of(SpanKind::tensor).mean));
    values.set("exposed_context", number(result.of(SpanKind::context).mean));
    values.set("exposed_expert", number(result.of(SpanKind::expert).mean));
    values.set("exposed_pipeline", number(result.of(SpanKind::pipeline).mean));
    values.set("exposed_data", number(result.of(SpanKind::data).mean));
    values.set("bubble_fraction", result.bubble_fraction);
    Bytes fullest;
    for (const MemoryUse& stage : training.memory) {
        fullest = std::max(fullest, stage.total());
    }
    values.set("memory", static_cast<double>(fullest.count()));
    values.set("memory_share", static_cast<double>(fullest.count()) / static_cast<double>(training.capacity.count()));
}

void measure_inference(const InferenceReport& inference, Values& values) {
    const InferenceResult& result = inference.result;
    const bool decode = result.phase == InferencePhase::decode;
    const auto share = [&](Picoseconds time) { return number(time) / number(result.step_time); };
    values.set("duration", number(result.step_time));
    values.set(decode ? "tpot" : "batch_time", number(result.step_time));
    if (decode) {
        values.set("hbm_share", share(result.memory_bound.at_streaming));
        values.set("hbm_share_of_peak", share(result.memory_bound.at_peak));
    } else {
        values.set("ttft", number(result.all_first_tokens));
    }
    values.set("tokens_per_second", result.tokens_per_second);
    values.set("tokens_per_second_per_card", result.tokens_per_second_per_card);
    values.set("mfu", result.mfu);
    values.set("compute", number(result.of(SpanKind::compute).mean));
    values.set("exposed_tensor", number(result.of(SpanKind::tensor).mean));
    values.set("exposed_expert", number(result.of(SpanKind::expert).mean));
    values.set("exposed_pipeline", number(result.of(SpanKind::pipeline).mean));
    values.set("bubble_fraction", share(result.of(SpanKind::bubble).mean));
    values.set("binds_hbm", share(inference.time_of(KernelBind::hbm)));
    values.set("binds_matrix", share(inference.time_of(KernelBind::matrix)));
    values.set("binds_launch", share(inference.time_of(KernelBind::launch)));
    values.set("binds_communication", share(communication_of(result)));
    Bytes fullest;
    for (const InferenceMemory& stage : inference.memory) {
        fullest = std::max(fullest, stage.total());
    }
    values.set("memory", static_cast<double>(fullest.count()));
    values.set("memory_share", static_cast<double>(fullest.count()) / static_cast<double>(inference.capacity.count()));
    if (inference.cost) {
        values.set("cost", inference.cost->usd);
        values.set("cost_low", inference.cost->low);
        values.set("cost_high", inference.cost->high);
    }
}

void measure_overlap(const OverlapReport& overlap, Values& values) {
    values.set("duration", number(overlap.together));
    values.set("together", number(overlap.together));
    values.set("alone_sum", number(overlap.alone_sum));
    double slowdown = 0.0;
    for (const OverlapRow& row : overlap.parts) {
        slowdown = std::max(slowdown, number(row.together) / number(row.alone) - 1.0);
    }
    values.set("slowdown", slowdown);
}

// What comparisons at equal cards, power or rent need; `tokens_per_second` is 0 where the workload has none.
void measure_totals(const CardTotals& totals, double tokens_per_second, Values& values) {
    values.set("cards", static_cast<double>(totals.cards));
    if (totals.power) {
        values.set("power", totals.power->count());
        if (tokens_per_second > 0.0) {
            values.set("tokens_per_joule", tokens_per_second / totals.power->count());
        }
    }
    if (totals.rent) {
        values.set("rent", totals.rent->count());
    }
}

// Of a million tokens of training, as TokenCost is of inference.
void measure_training_cost(const CardTotals& totals, double tokens_per_second, Values& values) {
    constexpr double kTokens = 1e6;
    constexpr double kSecondsOfHour = 3600.0;
    if (totals.rent && tokens_per_second > 0.0) {
        values.set("cost", totals.rent->count() * kTokens / tokens_per_second / kSecondsOfHour);
    }
}

void measure_links(const std::vector<LinkRow>& links, Values& values) {
    std::optional<double> all;
    std::optional<double> icn;
    std::optional<double> fabric;
    const auto raise = [](std::optional<double>& most, double utilisation) {
        most = std::max(most.value_or(0.0), utilisation);
    };
    for (const LinkRow& link : links) {
        raise(all, link.utilisation);
        if (link.link_class.starts_with("icn")) {
            raise(icn, link.utilisation);
        } else if (!link.link_class.starts_with("pcie")) {
            raise(fabric, link.utilisation);
        }
    }
    const auto set = [&](std::string_view name, std::optional<double> value) {
        if (value) {
            values.set(name, *value);
        }
    };
    set("link_busy_most", all);
    set("link_busy_icn", icn);
    set("link_busy_fabric", fabric);
}

// "direct", or "tp all_gather direct; dp all_reduce ring": what each dimension of groups ran with.
std::string algorithms_text(const RunReport& report) {
    const std::vector<AlgorithmGroup> groups = algorithm_groups(report.algorithms);
    std::string text;
    for (const AlgorithmGroup& group : groups) {
        text += text.empty() ? "" : "; ";
        if (groups.size() > 1) {
            text += group.dimension + " " + std::string(name_of(group.op)) + " ";
        }
        text += name_of(group.choice.algorithm);
    }
    return text;
}

}  // namespace

Measured measure(const RunReport& report) {
    MYRIAD_CHECK(report.collectives.size() <= 1, "a point of a sweep is one collective");
    Values values;
    if (!report.collectives.empty()) {
        measure_collective(report.collectives.front(), values);
    }
    double tokens_per_second = 0.0;
    if (report.training) {
        measure_training(*report.training, values);
        tokens_per_second = report.training->result.tokens_per_second;
        measure_training_cost(report.totals, tokens_per_second, values);
    }
    if (report.inference) {
        measure_inference(*report.inference, values);
        tokens_per_second = report.inference->result.tokens_per_second;
    }
    measure_totals(report.totals, tokens_per_second, values);
    measure_links(report.links, values);
    if (report.overlap) {
        measure_overlap(*report.overlap, values);
    }
    if (report.traffic) {
        values.set("duration", number(report.traffic->makespan));
        values.set("makespan", number(report.traffic->makespan));
        values.set("bandwidth", report.traffic->bandwidth());
        values.set("completion_p50", number(report.traffic->median));
        values.set("completion_p99", number(report.traffic->p99));
    }
    if (report.iteration) {
        values.set("duration", number(report.iteration->result.time));
        values.set("iteration_time", number(report.iteration->result.time));
        values.set("iteration_exposed_tensor", number(report.iteration->result.tensor_exposed));
        values.set("iteration_exposed_data", number(report.iteration->result.data_exposed));
    }
    if (report.fidelity.network == NetworkLevel::packet) {
        values.set("hops", static_cast<double>(report.counters.hops));
    }
    values.set("events", static_cast<double>(report.events));
    return {std::move(values).take(), algorithms_text(report)};
}

std::string encode(const Measured& measured) {
    std::string text = std::string(kAlgorithms) + ' ' + measured.algorithms + '\n';
    for (std::size_t i = 0; i < measured.values.size(); ++i) {
        if (measured.values[i]) {
            text += std::string(all_metrics()[i].name) + ' ' + exact_text(*measured.values[i]) + '\n';
        }
    }
    return text + '\n';
}

Measured decode(std::string_view text, std::string& rest) {
    Measured measured;
    measured.values.resize(all_metrics().size());
    for (;;) {
        const std::size_t end = text.find('\n');
        MYRIAD_CHECK(end != std::string_view::npos, "the metrics of a point end without an empty line");
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.empty()) {
            break;
        }
        const std::string_view name = line.substr(0, line.find(' '));
        const std::string_view value = line.substr(name.size() + 1);
        if (name == kAlgorithms) {
            measured.algorithms = value;
            continue;
        }
        const auto index = find_metric(name);
        const Parsed<double> parsed = parse_number(value);
        MYRIAD_CHECK(index && parsed, "a point returned '" + std::string(line) + "'");
        measured.values[*index] = parsed.value;
    }
    rest = text;
    return measured;
}

}  // namespace myriad
