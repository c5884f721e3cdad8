// Reduction for drawing. A tier with few nodes shows each; otherwise switches are put together by what is before the
// last dot of their names ("plane0.agg17" -> "plane0") and servers by the first switch group that their first NIC port
// leads to; a tier with too many groups puts neighbouring ones together ("group0–8").

#include "interconnect/topology/drawing/draw_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace myriad {
namespace {

constexpr std::size_t kMaxSingles = 16;  // switches of a tier
constexpr std::size_t kMaxServersShown = 8;

bool is_switch(const Node& node) { return node.server == kNoServer && node.kind == NodeKind::ethernet_switch; }

std::string family(const Node& node) {
    const auto dot = node.name.rfind('.');
    if (dot != std::string::npos) {
        return node.name.substr(0, dot);
    }
    // "leaf12": the word without its number
    return node.name.substr(0, node.name.find_first_of("0123456789"));
}

std::string switch_word(const Node& node) {
    const auto dot = node.name.rfind('.');
    const std::string last = dot == std::string::npos ? node.name : node.name.substr(dot + 1);
    return last.substr(0, last.find_first_of("0123456789"));
}

class Reduction {
public:
    explicit Reduction(const Topology& topology)
        : topology_(topology), switch_group_(topology.nodes.size()), box_of_node_(topology.nodes.size(), kNoBox) {}

    DrawModel run() {
        group_switches();
        add_servers();
        add_switches();
        add_bundles();
        return std::move(model_);
    }

private:
    static constexpr std::size_t kNoBox = static_cast<std::size_t>(-1);

    struct Tier {
        std::size_t switches = 0;
        std::vector<std::string> families;  // in the order of nodes
        std::map<std::string, std::size_t> place;
    };

    // The name of the group of each switch: its own where the tier is small.
    void group_switches() {
        std::map<std::int32_t, Tier> tiers;
        for (const Node& node : topology_.nodes) {
            if (is_switch(node)) {
                Tier& tier = tiers[node.tier];
                ++tier.switches;
                if (tier.place.try_emplace(family(node), tier.families.size()).second) {
                    tier.families.push_back(family(node));
                }
            }
        }
        for (std::size_t n = 0; n < topology_.nodes.size(); ++n) {
            const Node& node = topology_.nodes[n];
            if (is_switch(node)) {
                const Tier& tier = tiers[node.tier];
                switch_group_[n] = tier.switches <= kMaxSingles ? node.name : group_name(tier, family(node));
            }
        }
    }

    // The family itself, or the first and the last of the neighbours that share a box.
    static std::string group_name(const Tier& tier, const std::string& own) {
        const std::size_t families = tier.families.size();
        if (families <= kMaxBoxesPerTier) {
            return own;
        }
        const std::size_t share = (families + kMaxBoxesPerTier - 1) / kMaxBoxesPerTier;
        const std::size_t first = tier.place.at(own) / share * share;
        const std::string& last = tier.families[std::min(first + share, families) - 1];
        const std::size_t number = last.find_last_not_of("0123456789") + 1;
        return fmt::format("{}–{}", tier.families[first], last.substr(number));
    }

    // The group of the first switch that a NIC of the server is plugged into; empty where there is none.
    void find_server_groups(std::vector<std::string>& groups) const {
        groups.assign(static_cast<std::size_t>(topology_.servers), {});
        for (std::uint32_t n = 0; n < topology_.nodes.size(); ++n) {
            const Node& node = topology_.nodes[n];
            if (node.kind != NodeKind::nic || node.server == kNoServer ||
                !groups[static_cast<std::size_t>(node.server)].empty()) {
                continue;
            }
            for (std::size_t port = 0; port < node.ports.size(); ++port) {
                const NodeId to = step_over(topology_, NodeId{n}, static_cast<std::uint16_t>(port)).to;
                if (is_switch(topology_.nodes[index(to)])) {
                    groups[static_cast<std::size_t>(node.server)] = switch_group_[index(to)];
                    break;
                }
            }
        }
    }

    void add_servers() {
        std::vector<std::string> groups;
        find_server_groups(groups);
        const bool single = groups.size() <= kMaxServersShown;
        std::vector<std::size_t> box_of_server(groups.size());
        std::map<std::string, std::size_t> box_of_group;
        if (std::set<std::string>(groups.begin(), groups.end()).size() > kMaxBoxesPerTier) {
            groups.assign(groups.size(), {});
        }
        for (std::size_t server = 0; server < groups.size(); ++server) {
            const std::string key = single ? fmt::format("server{}", server) : groups[server];
            const auto [entry, is_new] = box_of_group.try_emplace(key, model_.boxes.size());
            if (is_new) {
                model_.boxes.push_back({.title = fmt::format("server{}", server),
                                        .detail = {},
                                        .kind = NodeKind::card,
                                        .tier = 1,
                                        .members = 0});
            }
            DrawBox& box = model_.boxes[entry->second];
            ++box.members;
            // Groups fill in order of servers; where they do not, the range is only what the numbers span.
            box.title =
                box.members == 1 ? box.title : fmt::format("{}–{}", box.title.substr(0, box.title.find("–")), server);
            box_of_server[server] = entry->second;
        }
        for (DrawBox& box : model_.boxes) {
            const std::string cards = with_commas(box.members * topology_.cards_per_server) + " cards";
            box.detail = box.members == 1 ? cards : with_commas(box.members) + " servers, " + cards;
        }
        for (std::size_t n = 0; n < topology_.nodes.size(); ++n) {
            if (topology_.nodes[n].server != kNoServer) {
                box_of_node_[n] = box_of_server[static_cast<std::size_t>(topology_.nodes[n].server)];
            }
        }
    }

    void add_switches() {
        std::map<std::pair<std::int32_t, std::string>, std::size_t> known;
        std::map<std::int32_t, std::vector<std::size_t>> by_tier;
        for (std::size_t n = 0; n < topology_.nodes.size(); ++n) {
            const Node& node = topology_.nodes[n];
            if (is_switch(node)) {
                by_tier[node.tier].push_back(n);
            }
        }
        for (const auto& [tier, nodes] : by_tier) {
            for (const std::size_t n : nodes) {
                const auto [entry, is_new] = known.try_emplace({tier, switch_group_[n]}, model_.boxes.size());
                if (is_new) {
                    model_.boxes.push_back({.title = switch_group_[n],
                                            .detail = switch_word(topology_.nodes[n]),
                                            .kind = NodeKind::ethernet_switch,
                                            .tier = tier,
                                            .members = 0});
                }
                ++model_.boxes[entry->second].members;
                box_of_node_[n] = entry->second;
            }
        }
        for (DrawBox& box : model_.boxes) {
            if (box.kind == NodeKind::ethernet_switch) {
                const bool numbered = box.title == box.detail;  // "leaf12" has no group but the word itself
                box.title = numbered ? fmt::format("{}0–{}", box.title, box.members - 1) : box.title;
                box.detail = box.members == 1 ? "" : fmt::format("{} x {}", with_commas(box.members), box.detail);
            }
        }
    }

    void add_bundles() {
        std::map<std::tuple<std::size_t, std::size_t, std::uint16_t>, std::int64_t> links;
        for (const Edge& edge : topology_.edges) {
            std::size_t lower = box_of_node_[index(edge.a)];
            std::size_t upper = box_of_node_[index(edge.b)];
            if (lower == kNoBox || upper == kNoBox) {
                continue;
            }
            if (lower == upper) {
                model_.boxes[lower].inner_links += is_switch(topology_.nodes[index(edge.a)]) ? 1 : 0;
                continue;
            }
            if (model_.boxes[lower].tier > model_.boxes[upper].tier) {
                std::swap(lower, upper);
            }
            ++links[{lower, upper, edge.link_class}];
        }
        for (const auto& [key, count] : links) {
            const auto& [lower, upper, link_class] = key;
            model_.bundles.push_back({lower, upper, link_class, count});
        }
        for (DrawBox& box : model_.boxes) {
            if (box.inner_links > 0) {
                box.detail += fmt::format(", {} links inside", with_commas(box.inner_links));
            }
        }
    }

    const Topology& topology_;
    std::vector<std::string> switch_group_;
    std::vector<std::size_t> box_of_node_;
    DrawModel model_;
};

}  // namespace

DrawModel draw_model(const Topology& topology) { return Reduction(topology).run(); }

std::string with_commas(std::int64_t count) {
    std::string text = std::to_string(count);
    for (std::size_t place = text.size(); place > 3; place -= 3) {
        text.insert(place - 3, ",");
    }
    return text;
}

}  // namespace myriad
