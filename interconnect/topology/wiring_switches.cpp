// Wirings through switches: one stage of parallel switches, or planes of two stages.

#include "interconnect/topology/wiring_recipes.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace myriad {
namespace {

// Links of a card to each switch: as given, or dealt one by one, so that they differ by one at most.
std::vector<int> deal(const WiringRequest& request, int switches) {
    const WiringConfig& config = request.config;
    if (!config.switch_links.empty()) {
        const int sum = std::accumulate(config.switch_links.begin(), config.switch_links.end(), 0);
        if (config.switch_links.size() != static_cast<std::size_t>(switches)) {
            refuse(request,
                   fmt::format("'switch_links' has {} entries for {} switches", config.switch_links.size(), switches));
        }
        if (config.links != 0 && config.links != sum) {
            refuse(request, fmt::format("'switch_links' add up to {}, but 'links' is {}", sum, config.links));
        }
        return config.switch_links;
    }
    const int links = config.links != 0 ? config.links : request.chip_links;
    if (switches > 1 && links < switches) {
        refuse(request,
               fmt::format("a card has a link to each switch, but {} links meet {} switches", links, switches));
    }
    std::vector<int> dealt;
    for (int n = 0; n < switches; ++n) {
        dealt.push_back(links / switches + (n < links % switches ? 1 : 0));
    }
    return dealt;
}

}  // namespace

WiringGraph wire_icn_switch(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    const int switches = std::max(config.switches, 1);
    const std::vector<int> dealt = deal(request, switches);
    WiringGraph graph{.cards = config.size, .hierarchy = {config.size}};
    expect_links(request, std::int64_t{config.size} * switches);
    for (int n = 0; n < switches; ++n) {
        graph.switches.push_back({switches == 1 ? "icn_switch" : fmt::format("icn_switch{}", n), 1});
    }
    for (int card = 0; card < config.size; ++card) {
        for (int n = 0; n < switches; ++n) {
            graph.links.push_back(link_between(config, card, config.size + n));
            graph.links.back().bonded = dealt[static_cast<std::size_t>(n)];
        }
    }
    return graph;
}

// CloudMatrix384 (arXiv 2506.12708): 48 nodes of 8 packages and 7 first-level switches, one a plane; a plane's 48
// first-level switches meet in its 16 second-level ones; 8 x 2 links come up and 16 x 1 go on.
WiringGraph wire_switch_planes(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    if (config.node_size < 1 || config.size % config.node_size != 0) {
        refuse(request, fmt::format("nodes of {} cards do not divide the cards", config.node_size));
    }
    if (config.upper_switches < 1) {
        refuse(request, "expected at least 1 of 'upper_switches'");
    }
    const int links = config.links != 0 ? config.links : request.chip_links / config.planes;
    const int down = links * config.node_size;
    if (links < 1 || (config.uplinks == 0 && down % config.upper_switches != 0)) {
        refuse(request, fmt::format("{} cards with {} links each cannot share {} upper switches evenly; "
                                    "'uplinks' sets the links to each",
                                    config.node_size, links, config.upper_switches));
    }
    const int up = config.uplinks != 0 ? config.uplinks : down / config.upper_switches;
    const int nodes = config.size / config.node_size;
    WiringGraph graph{.cards = config.size, .hierarchy = {config.node_size, nodes}, .dimensions = 2};
    expect_links(request, std::int64_t{config.planes} * (config.size + std::int64_t{nodes} * config.upper_switches));
    const auto lower = [&](int node, int plane) { return config.size + node * config.planes + plane; };
    for (int node = 0; node < nodes; ++node) {
        for (int plane = 0; plane < config.planes; ++plane) {
            graph.switches.push_back({fmt::format("node{}.switch{}", node, plane), 1});
        }
    }
    for (int card = 0; card < config.size; ++card) {
        for (int plane = 0; plane < config.planes; ++plane) {
            graph.links.push_back(link_between(config, card, lower(card / config.node_size, plane)));
            graph.links.back().bonded = links;
        }
    }
    for (int plane = 0; plane < config.planes; ++plane) {
        for (int n = 0; n < config.upper_switches; ++n) {
            const int upper = graph.nodes();
            graph.switches.push_back({fmt::format("plane{}.upper{}", plane, n), 2});
            for (int node = 0; node < nodes; ++node) {
                graph.links.push_back(link_between(config, lower(node, plane), upper));
                graph.links.back().bonded = up;
                graph.links.back().dimension = 1;
            }
        }
    }
    return graph;
}

}  // namespace myriad
