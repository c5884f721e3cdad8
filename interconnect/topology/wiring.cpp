// Which recipe builds what, and what all recipes have in common.

#include "interconnect/topology/wiring.h"

#include "interconnect/topology/wiring_recipes.h"
#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace myriad {
namespace {

constexpr std::int64_t kMaxLinksPerServer = 20'000'000;

struct RecipeEntry {
    WiringRecipe recipe;
    std::string_view name;
    WiringGraph (*build)(const WiringRequest&);
};

// In the order of WiringRecipe.
constexpr RecipeEntry kRecipes[] = {
    {WiringRecipe::full_mesh, "full_mesh", wire_full_mesh},
    {WiringRecipe::ring, "ring", wire_ring},
    {WiringRecipe::icn_switch, "icn_switch", wire_icn_switch},
    {WiringRecipe::product, "product", wire_product},
    {WiringRecipe::matched_quads, "matched_quads", wire_matched_quads},
    {WiringRecipe::line, "line", wire_line},
    {WiringRecipe::mesh, "mesh", wire_grid},
    {WiringRecipe::torus, "torus", wire_grid},
    {WiringRecipe::hypercube, "hypercube", wire_hypercube},
    {WiringRecipe::hyperx, "hyperx", wire_hyperx},
    {WiringRecipe::dragonfly, "dragonfly", wire_dragonfly},
    {WiringRecipe::switch_planes, "switch_planes", wire_switch_planes},
    {WiringRecipe::separate, "separate", wire_separate},
    {WiringRecipe::overlay, "overlay", wire_overlay},
    {WiringRecipe::edges, "edges", wire_edges},
};

const RecipeEntry& entry_of(WiringRecipe recipe) {
    const auto number = static_cast<std::size_t>(recipe);
    MYRIAD_CHECK(number < std::size(kRecipes) && kRecipes[number].recipe == recipe, "a wiring recipe without an entry");
    return kRecipes[number];
}

bool sized_by_factors(WiringRecipe recipe) {
    return recipe == WiringRecipe::product || recipe == WiringRecipe::overlay;
}

void expect_size(const WiringRequest& request) {
    const WiringConfig& config = request.config;
    const std::int64_t cards = cards_of(config);
    if (sized_by_factors(config.recipe) && config.factors.empty()) {
        throw UserError(fmt::format("{}: wiring {} needs factors, for example two full meshes of 4", request.where,
                                    name_of(config.recipe)));
    }
    if (cards > kMaxCardsPerServer && !config.factors.empty()) {
        throw UserError(
            fmt::format("{}: wiring {} joins more than {} cards", request.where, describe(config), kMaxCardsPerServer));
    }
    if (cards < 1 || cards > kMaxCardsPerServer) {
        throw UserError(
            fmt::format("{}: wiring {}: expected 1 to {} cards", request.where, describe(config), kMaxCardsPerServer));
    }
    if (config.size != 0 && config.size != cards) {
        throw UserError(config.recipe == WiringRecipe::matched_quads
                            ? fmt::format("{}: wiring matched_quads joins 8 cards, not {}", request.where, config.size)
                            : fmt::format("{}: wiring {} has {} cards, but its size is given as {}", request.where,
                                          describe(config), cards, config.size));
    }
}

}  // namespace

std::string_view name_of(WiringRecipe recipe) { return entry_of(recipe).name; }

std::int64_t cards_of(const WiringConfig& config) {
    // Sizes come from a user, so a product stops where it is too large for any server.
    const auto times = [](std::int64_t a, std::int64_t b) {
        return std::clamp<std::int64_t>(a * b, 0, std::int64_t{kMaxCardsPerServer} + 1);
    };
    std::int64_t cards = 1;
    switch (config.recipe) {
        case WiringRecipe::product:
            for (const WiringConfig& factor : config.factors) {
                cards = times(cards, cards_of(factor));
            }
            return cards;
        case WiringRecipe::overlay:
            return config.factors.empty() ? 0 : cards_of(config.factors.front());
        case WiringRecipe::mesh:
        case WiringRecipe::torus:
        case WiringRecipe::hyperx:
            for (const int size : config.sizes) {
                cards = times(cards, size);
            }
            return config.sizes.empty() ? config.size : cards;
        case WiringRecipe::matched_quads:
            return 8;
        default:
            return config.size;
    }
}

std::string describe(const WiringConfig& config) {
    std::string text = fmt::format("{} of ", name_of(config.recipe));
    if (sized_by_factors(config.recipe)) {
        for (std::size_t i = 0; i < config.factors.size(); ++i) {
            text += (i == 0 ? "" : " and ") + describe(config.factors[i]);
        }
        return text;
    }
    if (config.sizes.empty()) {
        return text + std::to_string(cards_of(config));
    }
    for (std::size_t i = 0; i < config.sizes.size(); ++i) {
        text += (i == 0 ? "" : " x ") + std::to_string(config.sizes[i]);
    }
    return text;
}

void refuse(const WiringRequest& request, const std::string& rule) {
    throw UserError(fmt::format("{}: wiring {}: {}", request.where, describe(request.config), rule));
}

void expect_links(const WiringRequest& request, std::int64_t links) {
    if (links > kMaxLinksPerServer) {
        refuse(request, fmt::format("would have {} links, at most {} are possible", links, kMaxLinksPerServer));
    }
}

WiringLink link_between(const WiringConfig& config, int a, int b) {
    return {.a = std::min(a, b),
            .b = std::max(a, b),
            .bonded = std::max(config.links, 1),
            .per_link = config.bandwidth,
            .latency = config.latency};
}

int WiringGraph::links_per_card() const {
    std::vector<int> used(static_cast<std::size_t>(nodes()), 0);
    for (const WiringLink& link : links) {
        used[static_cast<std::size_t>(link.a)] += link.bonded;
        used[static_cast<std::size_t>(link.b)] += link.bonded;
    }
    return cards == 0 ? 0 : *std::max_element(used.begin(), used.begin() + cards);
}

WiringGraph wire(const WiringConfig& config, const std::string& where, int chip_links) {
    const WiringRequest request{config, where, chip_links};
    expect_size(request);
    return entry_of(config.recipe).build(request);
}

}  // namespace myriad
