// What is drawn needs no more than four decimals; what is added up (busy_ps) is whole.

#include "app/result/activity_json.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace myriad {
namespace {

using Json = nlohmann::json;

double rounded(double share) { return std::round(share * 1e4) / 1e4; }

Json rounded(const std::vector<double>& shares) {
    Json json = Json::array();
    for (const double share : shares) {
        json.push_back(rounded(share));
    }
    return json;
}

Json to_json(const TopologyActivity& topology) {
    Json tiers = Json::array();
    for (const ActivityTier& tier : topology.tiers) {
        Json cells = Json::array();
        for (const ActivityCell& cell : tier.cells) {
            Json& json = cells.emplace_back(Json{{"name", cell.name},
                                                 {"links", cell.links},
                                                 {"mean", rounded(cell.mean)},
                                                 {"most", rounded(cell.most)}});
            if (!cell.busiest.empty()) {
                json["busiest"] = cell.busiest;
            }
        }
        tiers.push_back({{"name", tier.name},
                         {"title", tier.title},
                         {"links", tier.links},
                         {"bandwidth_bytes_per_s", tier.bandwidth.count()},
                         {"mean", rounded(tier.mean)},
                         {"most", rounded(tier.most)},
                         {"cells", std::move(cells)}});
    }
    Json json{{"cards", topology.cards}, {"servers", topology.servers}, {"tiers", std::move(tiers)}};
    if (topology.nodes.empty()) {
        return json;
    }
    Json nodes = Json::array();
    for (const ActivityNode& node : topology.nodes) {
        Json& one = nodes.emplace_back(Json{{"name", node.name}, {"kind", node.kind}, {"tier", node.tier}});
        if (node.server >= 0) {
            one["server"] = node.server;
        }
    }
    Json links = Json::array();
    for (const ActivityLink& link : topology.links) {
        links.push_back({{"a", link.a},
                         {"b", link.b},
                         {"class", link.link_class},
                         {"bandwidth_bytes_per_s", link.bandwidth.count()},
                         {"ab", rounded(link.ab)},
                         {"ba", rounded(link.ba)}});
    }
    json["nodes"] = std::move(nodes);
    json["links"] = std::move(links);
    return json;
}

Json to_json(const LinksOverTime& over_time) {
    Json classes = Json::array();
    for (const ClassSeries& series : over_time.classes) {
        Json busy = Json::array();
        for (const Picoseconds time : series.busy) {
            busy.push_back(time.count());
        }
        classes.push_back({{"name", series.name},
                           {"links", series.links},
                           {"busy_ps", std::move(busy)},
                           {"mean", rounded(series.mean)},
                           {"most", rounded(series.most)}});
    }
    Json busiest = Json::array();
    for (const LinkSeries& series : over_time.busiest) {
        busiest.push_back(
            {{"from", series.from}, {"to", series.to}, {"class", series.link_class}, {"use", rounded(series.use)}});
    }
    return {{"bucket_ps", over_time.bucket.count()}, {"classes", std::move(classes)}, {"busiest", std::move(busiest)}};
}

Json to_json(const RankActivity& ranks) {
    Json labels = Json::array();
    for (const ActivityLabel& label : ranks.labels) {
        labels.push_back({{"name", label.name}, {"kind", label.kind}});
    }
    Json rows = Json::array();
    for (const ActivityRow& row : ranks.rows) {
        Json lanes = Json::array();
        for (const ActivityLane& lane : row.lanes) {
            Json slices = Json::array();
            for (const ActivitySlice& slice : lane.slices) {
                slices.push_back(Json::array({slice.start.count(), slice.duration.count(), slice.label}));
            }
            lanes.push_back({{"name", lane.name}, {"slices", std::move(slices)}});
        }
        rows.push_back({{"rank", row.rank}, {"card", row.card}, {"name", row.name}, {"lanes", std::move(lanes)}});
    }
    return {{"labels", std::move(labels)}, {"resolution_ps", ranks.resolution.count()}, {"rows", std::move(rows)}};
}

}  // namespace

std::string activity_json(const Activity& activity) {
    Json json{{"schema", "myriad-activity/1"},
              {"elapsed_ps", activity.elapsed.count()},
              {"topology", to_json(activity.topology)},
              {"ranks", to_json(activity.ranks)}};
    if (activity.over_time) {
        json["links_over_time"] = to_json(*activity.over_time);
    } else {
        json["no_links_over_time"] = activity.no_series;
    }
    std::string text = "{";
    for (const auto& [key, value] : json.items()) {
        text += (text.size() > 1 ? ",\n" : "\n") + Json(key).dump() + ": " + value.dump();
    }
    return text + "\n}\n";
}

}  // namespace myriad
