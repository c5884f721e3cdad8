// JSON of a report. nlohmann::json keeps keys sorted and prints a double as the shortest decimal that reads back.

#include "app/result/result_json.h"

#include "app/result/inference_json.h"
#include "app/result/training_json.h"
#include "app/result/words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <variant>

namespace myriad {
namespace {

using Json = nlohmann::json;

Json json_of(const CollectiveRow& row) {
    Json json = {{"operation", name_of(row.op)},
                 {"size_bytes", row.size.count()},
                 {"ranks", row.ranks},
                 {"time_ps", row.time.count()},
                 {"lower_bound_ps", row.lower_bound.count()},
                 {"algbw_bytes_per_s", row.algbw},
                 {"busbw_bytes_per_s", row.busbw}};
    if (!row.protocol.empty()) {
        json["algorithm"] = name_of(row.algorithm);
        json["protocol"] = row.protocol;
    }
    return json;
}

Json json_of(const NetworkCounters& counters) {
    Json json = {{"packet_hops", counters.hops},
                 {"messages", counters.messages},
                 {"payload_bytes", counters.payload.count()},
                 {"systemc_modules", counters.modules}};
    if (counters.wire != counters.payload) {
        json["wire_bytes"] = counters.wire.count();
    }
    return json;
}

Json json_of(const LiveTraffic& t) {
    return {{"core_read_bytes", t.core_read.count()},     {"core_written_bytes", t.core_written.count()},
            {"remote_read_bytes", t.remote_read.count()}, {"remote_written_bytes", t.remote_written.count()},
            {"cache_read_bytes", t.slice_read.count()},   {"cache_written_bytes", t.slice_written.count()},
            {"cache_hit_bytes", t.slice_hit.count()},     {"hbm_read_bytes", t.hbm_read.count()},
            {"hbm_written_bytes", t.hbm_written.count()}};
}

Json json_of(const OverlapUse& use) {
    Json json = {
        {"carried_bytes", use.carried.count()}, {"messages", use.messages}, {"busiest_link_ps", use.link_busy.count()}};
    if (use.live) {
        const LiveShares& live = *use.live;
        json["live"] = {{"bytes", json_of(live.traffic)},
                        {"barriers", live.barriers},
                        {"barrier_wait_ps", live.barrier_wait.count()},
                        {"slice_busy_mean", live.slice_mean},
                        {"slice_busy_most", live.slice_most},
                        {"hbm_busy_mean", live.channel_mean},
                        {"hbm_busy_most", live.channel_most},
                        {"row_hits", live.row_hits}};
    }
    return json;
}

// The GEMM once, on one card.
Json json_of(const KernelResult& kernel, const std::vector<std::string>& why) {
    return {{"limit", name_of(kernel.limit)},
            {"plan", kernel.plan},
            {"why", why},
            {"body_ps", kernel.body.count()},
            {"hbm_read_bytes", kernel.hbm_read.count()},
            {"hbm_written_bytes", kernel.hbm_written.count()},
            {"cache_read_bytes", kernel.cache_read.count()},
            {"cache_hit_bytes", kernel.cache_hit.count()},
            {"tensor_busy", kernel.tensor_busy},
            {"cache_busy", kernel.cache_busy},
            {"hbm_busy", kernel.hbm_busy},
            {"row_hits", kernel.row_hit_rate}};
}

Json json_of(const OverlapReport& overlap) {
    Json parts = Json::array();
    for (const OverlapRow& row : overlap.parts) {
        parts.push_back({{"what", row.what},
                         {"size_bytes", row.size.count()},
                         {"launch_ps", row.launch.count()},
                         {"alone_ps", row.alone.count()},
                         {"together_ps", row.together.count()},
                         {"use", json_of(row.use)}});
    }
    Json json = {{"parts", std::move(parts)},
                 {"alone_sum_ps", overlap.alone_sum.count()},
                 {"together_ps", overlap.together.count()},
                 {"use", json_of(overlap.use)}};
    if (overlap.kernel) {
        json["kernel"] = json_of(*overlap.kernel, overlap.why);
    }
    return json;
}

Json json_of(const LinkRow& link) {
    return {{"from", link.from},
            {"to", link.to},
            {"class", link.link_class},
            {"bandwidth_bytes_per_s", link.bandwidth.count()},
            {"bytes", link.use.bytes.count()},
            {"packets", link.use.packets},
            {"busy_ps", link.use.busy.count()},
            {"utilisation", link.utilisation},
            {"longest_wait_ps", link.use.backlog_max.count()}};
}

// Without the mark: it may hold a path of this machine, and `path` and `source` say as much.
Json json_of(const SourcedText& value) {
    Json json = {{"path", value.path}, {"value", value.value}, {"source", value.source}};
    if (value.range) {
        json["range"] = {value.range->first, value.range->second};
    }
    return json;
}

Json json_of(const AlgorithmGroup& group) {
    Json json = {{"dimension", group.dimension},
                 {"groups", group.groups},
                 {"operation", name_of(group.op)},
                 {"algorithm", name_of(group.choice.algorithm)},
                 {"reason", group.choice.reason}};
    if (!group.choice.protocol.empty()) {
        json["protocol"] = group.choice.protocol;
    }
    return json;
}

Json json_of(const StatisticReport& statistics) {
    Json json = Json::object();
    for (const auto& [name, row] : statistics.rows()) {
        Json& entry = json[name];
        std::visit([&](auto value) { entry["value"] = value; }, row.value);
        entry["unit"] = row.unit;
        entry["meaning"] = row.meaning;
    }
    return json;
}

template <class List>
Json array_of(const List& list, std::size_t most = static_cast<std::size_t>(-1)) {
    Json array = Json::array();
    for (std::size_t i = 0; i < std::min(list.size(), most); ++i) {
        array.push_back(json_of(list[i]));
    }
    return array;
}

Json json_of(const TrafficReport& report) {
    return {{"pattern", name_of(report.traffic.pattern)},
            {"cards", report.traffic.cards.size()},
            {"flows", report.flows},
            {"bytes", report.bytes.count()},
            {"makespan_ps", report.makespan.count()},
            {"lower_bound_ps", report.lower_bound.count()},
            {"bandwidth_bytes_per_s", report.bandwidth()},
            {"completion",
             {{"first_ps", report.first.count()},
              {"mean_ps", report.mean.count()},
              {"p50_ps", report.median.count()},
              {"p90_ps", report.p90.count()},
              {"p99_ps", report.p99.count()}}}};
}

Json json_of(const IterationReport& report) {
    return {{"layers", report.spec.layers},
            {"blocks", report.spec.blocks},
            {"tensor_parallel", report.spec.tensor_parallel},
            {"data_parallel", report.spec.data_parallel},
            {"overlap_gradient_reduction", report.spec.overlap_gradient_reduction},
            {"time_ps", report.result.time.count()},
            {"compute_ps", report.result.compute.count()},
            {"exposed_tensor_ps", report.result.tensor_exposed.count()},
            {"exposed_data_ps", report.result.data_exposed.count()},
            {"collectives", report.result.collectives}};
}

}  // namespace

std::string result_json(const RunReport& report) {
    Json json = {{"schema", kResultSchema},
                 {"name", report.name},
                 {"title", report.title},
                 {"cluster", report.cluster},
                 {"cards", report.cards},
                 {"fidelity",
                  {{"network", name_of(report.fidelity.network)},
                   {"card", name_of(report.fidelity.card)},
                   {"interference", report.fidelity.interference},
                   {"cell_bytes", report.fidelity.cell.count()}}},
                 {"placement", placement_text(report.placement)},
                 {"changes", report.changes},
                 {"simulated_ps", report.simulated.count()},
                 {"events", report.events},
                 {"network", json_of(report.counters)},
                 {"statistics", json_of(report.statistics)},
                 {"links", array_of(report.links, kLinksInResult)},
                 {"links_used", report.links.size()},
                 {"algorithms", array_of(algorithm_groups(report.algorithms))},
                 {"laws", report.laws},
                 {"assumed", array_of(report.assumed)},
                 {"not_modelled", report.not_modelled}};
    if (!report.fidelity.queueing.plain()) {
        json["fidelity"]["arbitration"] = name_of(report.fidelity.queueing.arbitration);
        json["fidelity"]["flow_control"] = report.fidelity.queueing.control.modelled ? "modelled" : "none";
    }
    if (report.kernels) {
        json["kernels"] = {{"distinct", *report.kernels}};
    }
    if (report.training) {
        json["training"] = Json::parse(training_json(*report.training));
    }
    if (report.inference) {
        json["inference"] = Json::parse(inference_json(*report.inference));
    }
    if (report.overlap) {
        json["overlap"] = json_of(*report.overlap);
    }
    if (report.traffic) {
        json["traffic"] = json_of(*report.traffic);
    }
    if (report.iteration) {
        json["iteration"] = json_of(*report.iteration);
    }
    if (!report.collectives.empty()) {
        json["collectives"] = array_of(report.collectives);
    }
    // A name in another encoding must not lose a run: what is not UTF-8 becomes U+FFFD.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace myriad
