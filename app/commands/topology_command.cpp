// `myriad topology`: what a cluster's wiring is worth before anything runs, and pictures of it.

#include "app/commands/commands.h"
#include "app/config_files/load.h"
#include "app/show/table.h"
#include "interconnect/topology/analysis.h"
#include "interconnect/topology/build.h"
#include "interconnect/topology/drawing/drawing.h"
#include "interconnect/topology/graphml.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <ostream>

namespace myriad {

namespace {

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        throw UserError("cannot write '" + path + "'");
    }
}

std::string latency_text(const LinkClass& link_class) {
    const std::string there = human_text(link_class.latency[0]);
    return link_class.latency[0] == link_class.latency[1]
               ? there
               : there + " up, " + human_text(link_class.latency[1]) + " down";
}

template <class T>
std::vector<std::string> row(const std::string& name, const std::string& value, const Figure<T>& figure) {
    return {name, value, std::string(name_of(figure.certainty)), figure.note};
}

std::string oversubscription(const SwitchTier& tier) {
    return tier.up.count() == 0 ? ""
                                : fmt::format("{:.3f} : 1", static_cast<double>(tier.down.count()) /
                                                                static_cast<double>(tier.up.count()));
}

std::string bandwidth_or_nothing(BytesPerSecond bandwidth) {
    return bandwidth.count() == 0 ? "" : human_text(bandwidth);
}

// Tiers of switches, then cables; nothing where cards are joined directly and no cable is known.
std::string cost_text(const CostItems& cost) {
    TextTable tiers({"switches", "level", "count", "ports used", "busiest", "down per direction", "up", "across",
                     "oversubscription"});
    for (const SwitchTier& tier : cost.switches) {
        tiers.add({std::string(name_of(tier.kind)), std::to_string(tier.level), std::to_string(tier.switches),
                   std::to_string(tier.ports), std::to_string(tier.ports_max), bandwidth_or_nothing(tier.down),
                   bandwidth_or_nothing(tier.up), bandwidth_or_nothing(tier.across), oversubscription(tier)});
    }
    TextTable cables({"cables", "count", "medium", "transceivers"});
    for (const CableCount& count : cost.cables) {
        cables.add({count.link_class, std::to_string(count.cables), count.optical ? "optical" : "copper",
                    count.optical ? std::to_string(2 * count.cables) : ""});
    }
    return (cost.switches.empty() ? "" : tiers.text() + "\n") + (cost.cables.empty() ? "" : cables.text() + "\n");
}

nlohmann::json cost_json(const CostItems& cost) {
    nlohmann::json json = {{"switch_chips", cost.switch_chips},   {"switch_ports", cost.switch_ports},
                           {"copper_cables", cost.copper_cables}, {"optical_cables", cost.optical_cables},
                           {"transceivers", cost.transceivers},   {"switches", nlohmann::json::array()},
                           {"cables", nlohmann::json::object()}};
    for (const SwitchTier& tier : cost.switches) {
        json["switches"].push_back({{"kind", std::string(name_of(tier.kind))},
                                    {"level", tier.level},
                                    {"count", tier.switches},
                                    {"ports", tier.ports},
                                    {"ports_max", tier.ports_max},
                                    {"down_bytes_per_s", tier.down.count()},
                                    {"up_bytes_per_s", tier.up.count()},
                                    {"across_bytes_per_s", tier.across.count()}});
    }
    for (const CableCount& count : cost.cables) {
        json["cables"][count.link_class] = {{"count", count.cables}, {"optical", count.optical}};
    }
    return json;
}

std::string topology_text(const Topology& topology, const TopologyAnalysis& analysis) {
    std::string text = fmt::format("{}: {} cards in {} server{}\n\n", topology.name, topology.cards.size(),
                                   topology.servers, topology.servers == 1 ? "" : "s");
    TextTable nodes({"nodes", "count"});
    for (const NodeCount& count : analysis.nodes) {
        nodes.add({std::string(name_of(count.kind)), std::to_string(count.count)});
    }
    TextTable links({"links", "count", "bandwidth per direction", "latency", "bonded"});
    for (const LinkCount& count : analysis.links) {
        links.add({count.link_class.name, std::to_string(count.count), human_text(count.link_class.bandwidth),
                   latency_text(count.link_class),
                   count.link_class.bonded > 1 ? std::to_string(count.link_class.bonded) : ""});
    }
    TextTable figures({"figure", "value", "certainty", "note"});
    figures.add({"chip links used by a card",
                 analysis.links_used_min == analysis.links_used_max
                     ? std::to_string(analysis.links_used_min)
                     : fmt::format("{} to {}", analysis.links_used_min, analysis.links_used_max),
                 "exact", fmt::format("{} dark", analysis.links_dark_max)});
    figures.add(
        {"injection into chip links", human_text(analysis.icn_injection) + " per direction", "exact", "worst card"});
    figures.add(
        {"injection into the fabric", human_text(analysis.fabric_injection) + " per direction", "exact", "worst card"});
    figures.add(row("bisection", human_text(analysis.bisection.value) + " per direction", analysis.bisection));
    if (analysis.grid_bisection) {
        figures.add(row("least bisection along a dimension",
                        human_text(analysis.grid_bisection->value) + " per direction", *analysis.grid_bisection));
    }
    figures.add(row("diameter", std::to_string(analysis.diameter.value) + " hops", analysis.diameter));
    figures.add(row("average distance", fmt::format("{:.3f} hops", analysis.average_distance.value),
                    analysis.average_distance));
    figures.add(
        row("shortest paths of a pair, fewest", fmt::format("{:.0f}", analysis.paths_min.value), analysis.paths_min));
    figures.add(
        row("shortest paths of a pair, mean", fmt::format("{:.2f}", analysis.paths_mean.value), analysis.paths_mean));
    figures.add(
        row("shortest paths of a pair, most", fmt::format("{:.0f}", analysis.paths_max.value), analysis.paths_max));
    if (analysis.unreachable_pairs > 0) {
        figures.add({"pairs of cards that nothing joins", std::to_string(analysis.unreachable_pairs), "exact", ""});
    }
    return text + nodes.text() + "\n" + links.text() + "\n" + cost_text(analysis.cost) + figures.text();
}

nlohmann::json topology_json(const Topology& topology, const TopologyAnalysis& analysis) {
    nlohmann::json json;
    json["name"] = topology.name;
    json["cards"] = topology.cards.size();
    json["servers"] = topology.servers;
    for (const NodeCount& count : analysis.nodes) {
        json["nodes"][std::string(name_of(count.kind))] = count.count;
    }
    for (const LinkCount& count : analysis.links) {
        json["links"][count.link_class.name] = {{"count", count.count},
                                                {"bandwidth_bytes_per_s", count.link_class.bandwidth.count()},
                                                {"latency_ps", count.link_class.latency[0].count()},
                                                {"latency_back_ps", count.link_class.latency[1].count()},
                                                {"bonded", count.link_class.bonded}};
    }
    const auto put = [&](const char* name, const auto& value, Certainty certainty, const std::string& note) {
        json["figures"][name] = {{"value", value}, {"certainty", std::string(name_of(certainty))}, {"note", note}};
    };
    put("chip_links_used_min", analysis.links_used_min, Certainty::exact, "");
    put("chip_links_used_max", analysis.links_used_max, Certainty::exact, "");
    put("icn_injection_bytes_per_s", analysis.icn_injection.count(), Certainty::exact, "worst card");
    put("fabric_injection_bytes_per_s", analysis.fabric_injection.count(), Certainty::exact, "worst card");
    put("bisection_bytes_per_s", analysis.bisection.value.count(), analysis.bisection.certainty,
        analysis.bisection.note);
    if (analysis.grid_bisection) {
        put("grid_bisection_bytes_per_s", analysis.grid_bisection->value.count(), analysis.grid_bisection->certainty,
            analysis.grid_bisection->note);
    }
    put("diameter_hops", analysis.diameter.value, analysis.diameter.certainty, analysis.diameter.note);
    put("average_distance_hops", analysis.average_distance.value, analysis.average_distance.certainty,
        analysis.average_distance.note);
    put("paths_min", analysis.paths_min.value, analysis.paths_min.certainty, analysis.paths_min.note);
    put("paths_mean", analysis.paths_mean.value, analysis.paths_mean.certainty, analysis.paths_mean.note);
    put("paths_max", analysis.paths_max.value, analysis.paths_max.certainty, analysis.paths_max.note);
    put("unreachable_pairs", analysis.unreachable_pairs, Certainty::exact, "");
    json["cost"] = cost_json(analysis.cost);
    return json;
}

}  // namespace

void topology_command(const TopologyArguments& arguments, std::ostream& out) {
    const Loaded<ClusterFile> loaded = load_cluster(arguments.cluster, arguments.overrides);
    const Topology topology = build_topology(loaded.value.cluster);
    const TopologyAnalysis analysis = analyse(topology);
    if (!arguments.svg_file.empty()) {
        write_file(arguments.svg_file, to_svg(topology));
    }
    if (!arguments.dot_file.empty()) {
        write_file(arguments.dot_file, to_dot(topology));
    }
    if (!arguments.graphml_file.empty()) {
        write_file(arguments.graphml_file, to_graphml(topology));
    }
    if (arguments.json) {
        out << topology_json(topology, analysis).dump(2) << "\n";
    } else {
        out << topology_text(topology, analysis);
    }
}

}  // namespace myriad
