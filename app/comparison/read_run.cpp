// From result.json (and activity.json) to causes. Each workload's result already says what its time consists of, in parts
// that add up; here they only get names:
//   training    every instant of a rank is of one kind, mean over ranks
//   inference   kernels by what they wait for, launches, communication, bubble
//   iteration   computing and exposed all-reduces
//   collective, traffic   the bound that injection and server bandwidth set, and the rest: algorithm, contention, latency
//   overlap     the longest part alone, and what the parts cost each other

#include "app/comparison/compared_run.h"

#include "app/result/result_json.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace myriad {
namespace {

using Json = nlohmann::json;

struct KindOfTime {
    const char* key;
    const char* name;
    CauseKind kind;
};

constexpr std::array kTrainingKinds{
    KindOfTime{"compute", "kernels", CauseKind::compute},
    KindOfTime{"optimizer", "optimizer", CauseKind::compute},
    KindOfTime{"tensor", "waiting for tensor parallelism", CauseKind::communication},
    KindOfTime{"context", "waiting for context parallelism", CauseKind::communication},
    KindOfTime{"expert", "waiting for expert exchange", CauseKind::communication},
    KindOfTime{"pipeline", "waiting for pipeline messages", CauseKind::communication},
    KindOfTime{"data", "waiting for data parallelism", CauseKind::communication},
    KindOfTime{"model", "waiting for the gradient norm", CauseKind::communication},
    KindOfTime{"bubble", "pipeline bubble", CauseKind::bubble},
};

constexpr std::array kInferenceKinds{
    KindOfTime{"matrix", "kernels paced by matrix units", CauseKind::compute},
    KindOfTime{"vector", "kernels paced by vector units", CauseKind::compute},
    KindOfTime{"HBM", "kernels paced by HBM", CauseKind::compute},
    KindOfTime{"on-chip", "kernels paced by the on-chip network", CauseKind::compute},
    KindOfTime{"latency", "kernels paced by latency", CauseKind::compute},
    KindOfTime{"launch", "launches of kernels", CauseKind::compute},
    KindOfTime{"slowed", "kernels slowed by messages", CauseKind::other},
    KindOfTime{"communication", "waiting for communication", CauseKind::communication},
    KindOfTime{"bubble", "pipeline bubble", CauseKind::bubble},
};

void add_operators(const Json& list, ComparedRun& run) {
    for (const Json& op : list) {
        run.operators.push_back({op.at("name"), op.at("mean_per_card_ps").get<double>()});
    }
}

void add_figure(ComparedRun& run, const char* name, const char* unit, const Json& value) {
    run.figures.push_back({name, unit, value.get<double>()});
}

double most_memory(const Json& stages) {
    double most = 0.0;
    for (const Json& stage : stages) {
        most = std::max(most, stage.at("total_bytes").get<double>());
    }
    return most;
}

void read_training(const Json& training, ComparedRun& run) {
    run.what = fmt::format("training step of {}", training.at("model").get<std::string>());
    run.total = training.at("step_time_ps").get<double>();
    run.work = training.at("tokens").get<double>();
    for (const KindOfTime& kind : kTrainingKinds) {
        const double time = training.at("time_per_card").at(kind.key).at("mean_ps").get<double>();
        run.causes.push_back({kind.key, kind.name, kind.kind, time});
    }
    add_operators(training.at("operators"), run);
    if (training.contains("explanation")) {
        for (const Json& group : training.at("explanation").at("communication")) {
            run.groups.push_back(
                {group.at("group"), group.at("busy_ps").get<double>(), group.at("exposed_ps").get<double>()});
        }
    }
    const Json& rates = training.at("rates");
    add_figure(run, "tokens_per_second", "tokens/s", rates.at("tokens_per_s"));
    add_figure(run, "tokens_per_second_per_card", "tokens/s", rates.at("tokens_per_s_per_card"));
    add_figure(run, "mfu", "%", rates.at("mfu"));
    add_figure(run, "bubble_fraction", "%", training.at("bubble").at("fraction"));
    add_figure(run, "memory", "B", most_memory(training.at("memory_by_stage")));
}

void read_inference(const Json& inference, ComparedRun& run) {
    const bool decode = inference.contains("hbm_bound");
    run.what = fmt::format("{} of {}", decode ? "decode step" : "prefill of a batch",
                           inference.at("model").get<std::string>());
    run.total = inference.at("step_time_ps").get<double>();
    double known = 0.0;
    for (const KindOfTime& kind : kInferenceKinds) {
        const double time = inference.at("binds_ps").at(kind.key).get<double>();
        run.causes.push_back({kind.key, kind.name, kind.kind, time});
        known += time;
    }
    run.causes.push_back({"rest", "rest", CauseKind::other, run.total - known});
    add_operators(inference.at("operators"), run);
    add_figure(run, decode ? "tpot" : "batch_time", "ps", inference.at("step_time_ps"));
    if (!decode) {
        add_figure(run, "ttft", "ps", inference.at("all_first_tokens_ps"));
    }
    add_figure(run, "tokens_per_second", "tokens/s", inference.at("tokens_per_s"));
    add_figure(run, "mfu", "%", inference.at("mfu"));
    add_figure(run, "memory", "B", most_memory(inference.at("memory_by_stage")));
    if (inference.contains("cost")) {
        add_figure(run, "cost_per_million_tokens", "USD", inference.at("cost").at("usd_per_million_tokens"));
    }
}

// `total` in two parts.
void add_bound(ComparedRun& run, double bound) {
    run.causes.push_back({"bound", "bound of the links", CauseKind::bound, bound});
    run.causes.push_back({"above", "above it: algorithm, contention, latency", CauseKind::other, run.total - bound});
}

std::string size_text(const Json& row) {
    return fmt::format("{} {}", row.at("operation").get<std::string>(),
                       human_text(Bytes{row.at("size_bytes").get<std::int64_t>()}));
}

void read_collectives(const Json& rows, ComparedRun& run) {
    double bound = 0.0;
    for (const Json& row : rows) {
        run.total += row.at("time_ps").get<double>();
        bound += row.at("lower_bound_ps").get<double>();
        const std::string name = size_text(row);
        run.figures.push_back({name, "ps", row.at("time_ps").get<double>()});
        run.figures.push_back({"busbw, " + name, "B/s", row.at("busbw_bytes_per_s").get<double>()});
    }
    run.what =
        rows.size() == 1 ? size_text(rows.front()) : fmt::format("{} collectives, one after another", rows.size());
    add_bound(run, bound);
}

void read_traffic(const Json& traffic, ComparedRun& run) {
    run.what = fmt::format("{} traffic", traffic.at("pattern").get<std::string>());
    run.total = traffic.at("makespan_ps").get<double>();
    add_bound(run, traffic.at("lower_bound_ps").get<double>());
    add_figure(run, "bandwidth", "B/s", traffic.at("bandwidth_bytes_per_s"));
    add_figure(run, "completion_p50", "ps", traffic.at("completion").at("p50_ps"));
    add_figure(run, "completion_p99", "ps", traffic.at("completion").at("p99_ps"));
}

void read_iteration(const Json& iteration, ComparedRun& run) {
    run.what = "iteration";
    run.total = iteration.at("time_ps").get<double>();
    const double tensor = iteration.at("exposed_tensor_ps").get<double>();
    const double data = iteration.at("exposed_data_ps").get<double>();
    run.causes.push_back({"tensor", "waiting for tensor-parallel all-reduces", CauseKind::communication, tensor});
    run.causes.push_back({"data", "waiting for gradients", CauseKind::communication, data});
    run.causes.push_back({"compute", "computing and the rest", CauseKind::compute, run.total - tensor - data});
}

void read_overlap(const Json& overlap, ComparedRun& run) {
    run.what = "overlap";
    run.total = overlap.at("together_ps").get<double>();
    double longest = 0.0;
    for (const Json& part : overlap.at("parts")) {
        const auto what = part.at("what").get<std::string>();
        longest = std::max(longest, part.at("alone_ps").get<double>());
        run.figures.push_back({what + " alone", "ps", part.at("alone_ps").get<double>()});
        run.figures.push_back({what + " together", "ps", part.at("together_ps").get<double>()});
    }
    run.causes.push_back({"alone", "longest part alone", CauseKind::compute, longest});
    run.causes.push_back({"shared", "sharing cores, HBM and links", CauseKind::other, run.total - longest});
}

// From activity.json, over all links of a tier; else of the links that the result lists.
void read_tiers(const Json& result, const std::string& activity, ComparedRun& run) {
    if (!activity.empty()) {
        for (const Json& tier : Json::parse(activity).at("topology").at("tiers")) {
            run.tiers.push_back({tier.at("name"), tier.at("bandwidth_bytes_per_s").get<double>(),
                                 tier.at("mean").get<double>(), tier.at("most").get<double>()});
        }
        return;
    }
    std::vector<int> links;
    for (const Json& link : result.at("links")) {
        const auto name = link.at("class").get<std::string>();
        auto at =
            std::find_if(run.tiers.begin(), run.tiers.end(), [&](const ComparedTier& t) { return t.name == name; });
        const double bandwidth = link.at("bandwidth_bytes_per_s").get<double>();
        const double use = link.at("utilisation").get<double>();
        if (at == run.tiers.end()) {
            run.tiers.push_back({name, bandwidth, use, use});
            links.push_back(1);
            continue;
        }
        ++links[static_cast<std::size_t>(at - run.tiers.begin())];
        at->bandwidth = std::min(at->bandwidth, bandwidth);
        at->mean += use;
        at->most = std::max(at->most, use);
    }
    for (std::size_t i = 0; i < run.tiers.size(); ++i) {
        run.tiers[i].mean /= links[i];
    }
}

ComparedRun read(const std::string& name, const Json& result, const RunFiles& files) {
    ComparedRun run;
    run.name = name;
    run.title = result.at("title");
    run.cluster = result.at("cluster");
    run.cards = result.at("cards");
    run.network = result.at("fidelity").at("network");
    run.card = result.at("fidelity").at("card");
    using Reader = void (*)(const Json&, ComparedRun&);
    constexpr std::array<std::pair<const char*, Reader>, 6> kWorkloads{{{"training", read_training},
                                                                        {"inference", read_inference},
                                                                        {"collectives", read_collectives},
                                                                        {"traffic", read_traffic},
                                                                        {"iteration", read_iteration},
                                                                        {"overlap", read_overlap}}};
    for (const auto& [key, reader] : kWorkloads) {
        if (result.contains(key) && !(result.at(key).is_array() && result.at(key).empty())) {
            run.workload = key;
            reader(result.at(key), run);
        }
    }
    if (run.workload.empty()) {
        throw UserError(SourceMark{files.folder, 0, 0}, "the result has no workload that can be compared");
    }
    read_tiers(result, files.activity, run);
    for (const Json& choice : result.at("algorithms")) {
        const auto dimension = choice.at("dimension").get<std::string>();
        const auto operation = choice.at("operation").get<std::string>();
        run.algorithms.emplace_back(dimension.empty() ? operation : dimension + " " + operation,
                                    choice.at("algorithm").get<std::string>());
    }
    for (const Json& value : result.at("assumed")) {
        run.assumed.push_back(value.at("path"));
    }
    run.inputs = flat_inputs(files.effective);
    return run;
}

}  // namespace

std::string_view name_of(CauseKind kind) {
    constexpr std::array<std::string_view, 5> names{"compute", "communication", "bubble", "bound", "other"};
    return names[static_cast<std::size_t>(kind)];
}

ComparedRun read_compared_run(const std::string& name, const RunFiles& files) {
    const SourceMark place{files.folder, 0, 0};
    try {
        const Json result = Json::parse(files.result);
        if (!result.is_object() || result.value("schema", "") != kResultSchema) {
            throw UserError(
                place, fmt::format("its result.json is not of schema \"{}\"; run the scenario again", kResultSchema));
        }
        return read(name, result, files);
    } catch (const Json::exception& error) {
        throw UserError(place, fmt::format("its result is not what this version of 'myriad run' writes ({}); run the "
                                           "scenario again",
                                           error.what()));
    }
}

}  // namespace myriad
