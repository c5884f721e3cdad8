// Plain arithmetic on what a file says; rates are payload (efficiencies taken off) unless the meaning says "raw" or
// "peak".

#include "app/show/summary.h"

#include "app/config_files/read_hardware.h"
#include "interconnect/topology/wiring.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

namespace myriad {
namespace {

double number(BytesPerSecond rate) { return static_cast<double>(rate.count()); }

template <class Q>
Figure quantity(std::string name, Q value, std::string unit, std::string meaning) {
    return Figure{std::move(name), static_cast<double>(value.count()), std::move(unit), human_text(value),
                  std::move(meaning)};
}

Figure count(std::string name, std::int64_t value, std::string meaning) {
    return Figure{std::move(name), static_cast<double>(value), "", fmt::format("{}", value), std::move(meaning)};
}

Figure ratio(std::string name, double value, std::string unit, std::string meaning) {
    std::string text = fmt::format("{:.4g}{}{}", value, unit.empty() ? "" : " ", unit);
    return Figure{std::move(name), value, std::move(unit), std::move(text), std::move(meaning)};
}

// 32762123264 -> "32.76 B": parameters are counted in billions by everybody.
Figure parameters(std::string name, std::int64_t value, std::string meaning) {
    return Figure{std::move(name), static_cast<double>(value), "",
                  fmt::format("{} ({:.4g} B)", value, static_cast<double>(value) * 1e-9), std::move(meaning)};
}

BytesPerSecond link_payload(const ChipLinksConfig& links) { return payload_rate(links.per_link, links.efficiency); }

}  // namespace

std::vector<Figure> hbm_figures(const HbmPreset& preset) {
    const HbmTiming t = preset.timing();
    const HbmOrganisation& o = preset.organisation;
    const double gigabits = static_cast<double>(preset.clock.count()) * o.transfers_per_clock * 1e-9;
    std::vector<Figure> figures{
        ratio("data_rate", gigabits, "Gb/s", "of a pin: clock x transfers_per_clock"),
        quantity("peak", preset.stack_peak(), "B/s", "of a stack"),
        quantity("capacity", o.capacity(), "B", "of a stack: channels x pseudo channels x banks x rows x page"),
        count("cycles.read_latency", t.read_latency, "tCL at this clock"),
        count("cycles.activate_to_read", t.activate_to_read, "tRCDRD at this clock"),
        count("cycles.precharge", t.precharge, "tRP at this clock"),
        count("cycles.row_cycle", t.row_cycle, "tRC at this clock"),
        count("cycles.read_to_write", t.read_to_write, "tCL + burst + gap - tCWL, command to command"),
    };
    if (preset.controller.refresh == HbmRefresh::all_bank) {
        figures.push_back(ratio("refresh_share", static_cast<double>(t.refresh_all) / t.refresh_interval, "",
                                "of the time, in which nothing moves: refresh_all / (refresh_interval / rate)"));
    }
    return figures;
}

std::vector<Figure> chip_figures(const ChipFile& file) {
    const ChipConfig& chip = file.chip;
    const FlopPerSecond peak = chip.tensor.of(DataType::bf16);
    const FlopPerSecond reached{peak.count() * chip.gemm_efficiency};
    const BytesPerSecond hbm = payload_rate(chip.hbm.bandwidth, chip.hbm.efficiency);
    const BytesPerSecond links = link_payload(file.links) * file.links.links;
    std::vector<Figure> figures{
        quantity("gemm_rate", reached, "flop/s", "bf16 matrix peak x gemm_efficiency"),
        quantity("hbm_rate", hbm, "B/s", "hbm.bandwidth x hbm.efficiency"),
        ratio("hbm_balance", peak.count() / number(chip.hbm.bandwidth), "flop/B", "bf16 matrix peak / HBM peak"),
        ratio("hbm_balance_reached", reached.count() / number(hbm), "flop/B", "gemm_rate / hbm_rate"),
    };
    if (file.links.links > 0) {
        figures.push_back(quantity("link_total", file.links.per_link * (2 * file.links.links), "B/s",
                                   "raw, all links, both ways: the advertised figure"));
        figures.push_back(quantity("link_rate", links, "B/s", "all links, per direction"));
        figures.push_back(ratio("link_balance", reached.count() / number(links), "flop/B", "gemm_rate / link_rate"));
    }
    figures.push_back(quantity("pcie_rate", file.pcie.bandwidth, "B/s", "per direction"));
    if (chip.rent.count() > 0.0) {
        const double per_exaflop = chip.rent.count() / 3600.0 / reached.count() * 1e18;
        figures.push_back(ratio("exaflop_price", per_exaflop, "USD", "10^18 flop at gemm_rate"));
    }
    return figures;
}

std::vector<Figure> server_figures(const ServerFile& file) {
    const ServerConfig& server = file.server;
    const int taken = wire(server.wiring, "server '" + server.name + "'", server.links.links).links_per_card();
    const BytesPerSecond raw = server.link_budget == LinkBudget::divided && taken > 0
                                   ? BytesPerSecond{server.links.per_link.count() * server.links.links / taken}
                                   : server.links.per_link;
    const BytesPerSecond link = payload_rate(raw, server.links.efficiency);
    std::vector<Figure> figures{
        {"wiring", static_cast<double>(server.cards), "", describe(server.wiring), "graph of the chip links"},
        count("links_used", taken, fmt::format("of {} that a card has", server.links.links)),
        quantity("link_rate", link, "B/s", "one link, per direction"),
        quantity("card_rate", link * taken, "B/s", "links that a card uses, per direction"),
        quantity("memory", file.chip.chip.hbm.capacity * server.cards, "B", "HBM of all cards"),
        quantity("matrix_peak", file.chip.chip.tensor.of(DataType::bf16) * server.cards, "flop/s", "bf16, all cards"),
    };
    if (file.chip.chip.tdp.count() > 0.0) {
        figures.push_back(quantity("power", file.chip.chip.tdp * server.cards, "W", "power limits of all cards"));
    }
    if (server.nics.count > 0) {
        const BytesPerSecond all = server.nics.port_bandwidth * (server.nics.ports * server.nics.count);
        figures.push_back(quantity("nic_rate", all, "B/s", "all NICs, per direction"));
        figures.push_back(quantity("nic_rate_per_card", all / server.cards, "B/s", "share of one card"));
        figures.push_back(ratio("scale_up_to_scale_out", number(link) * taken * server.cards / number(all), "",
                                "card_rate / nic_rate_per_card"));
    }
    return figures;
}

std::vector<Figure> fabric_figures(const FabricConfig& fabric) {
    std::vector<Figure> figures;
    if (fabric.recipe == FabricRecipe::clos2) {
        figures.push_back(count("uplinks_per_leaf", static_cast<std::int64_t>(fabric.spines) * fabric.uplinks_per_spine,
                                "spines x uplinks_per_spine"));
    }
    if (fabric.recipe == FabricRecipe::hpn7) {
        figures.push_back(count("hosts", static_cast<std::int64_t>(fabric.hosts_per_segment) * fabric.max_segments,
                                "hosts_per_segment x max_segments"));
        figures.push_back(count("tors", static_cast<std::int64_t>(fabric.rails) * fabric.planes * fabric.max_segments,
                                "rails x planes x max_segments"));
        figures.push_back(count("aggregation_switches",
                                static_cast<std::int64_t>(fabric.aggs_per_plane) * fabric.planes,
                                "aggs_per_plane x planes"));
    }
    if (fabric.uplink.count() > 0) {
        figures.push_back(quantity("uplink_rate", fabric.uplink, "B/s", "one up-link, per direction"));
    }
    return figures;
}

std::vector<Figure> cluster_figures(const ClusterFile& file) {
    const ClusterConfig& cluster = file.cluster;
    const std::int64_t cards = file.cards();
    const HbmConfig& hbm = file.chip.chip.hbm;
    std::vector<Figure> figures{
        count("cards", cards, fmt::format("{} servers of {}", cluster.servers, cluster.server.cards)),
        quantity("matrix_peak", file.chip.chip.tensor.of(DataType::bf16) * static_cast<double>(cards), "flop/s",
                 "bf16, all cards"),
        quantity("memory", hbm.capacity * cards, "B", "HBM of all cards"),
        quantity("memory_rate", payload_rate(hbm.bandwidth, hbm.efficiency) * cards, "B/s",
                 "HBM of all cards, streaming"),
    };
    if (file.chip.chip.tdp.count() > 0.0) {
        figures.push_back(
            quantity("power", file.chip.chip.tdp * static_cast<double>(cards), "W", "power limits of all cards"));
    }
    if (file.chip.nameplate_bf16) {
        figures.push_back(quantity("nameplate", *file.chip.nameplate_bf16 * static_cast<double>(cards), "flop/s",
                                   "advertised, bf16, all cards"));
    }
    if (file.chip.chip.rent.count() > 0.0) {
        figures.push_back(quantity("rent", file.chip.chip.rent * static_cast<double>(cards), "USD/h", "all cards"));
    }
    for (const Figure& figure : server_figures(ServerFile{"", cluster.server, {}, file.chip})) {
        if (figure.name != "memory" && figure.name != "matrix_peak" && figure.name != "power") {
            figures.push_back(figure);
            figures.back().name = "server_" + figure.name;
        }
    }
    return figures;
}

std::vector<Figure> llm_figures(const LlmFile& file) {
    static constexpr Bytes kElement{2};
    const LlmConfig& model = file.model;
    const std::int64_t total = total_parameters(model);
    std::vector<Figure> figures{
        parameters("params_total", total, "counted from the shape, all experts"),
        parameters("params_active", active_parameters(model), "that one token uses"),
        parameters("params_matrix", matrix_parameters(model), "that multiply one token: 6 x this x tokens"),
        quantity("weights", Bytes{total * kElement.count()}, "B", "in 16 bit"),
        quantity("kv_bytes_per_token", kv_bytes_per_token(model, kElement), "B", "keys and values, 16 bit"),
    };
    if (model.has_linear_attention()) {
        figures.push_back(quantity("linear_state_bytes", linear_state_bytes_per_sequence(model, kElement), "B",
                                   "state of a sequence, 16 bit"));
    }
    if (model.has_experts()) {
        figures.push_back(count("expert_layers", expert_layers(model), fmt::format("of {}", model.layers)));
    }
    static constexpr std::int64_t kSequence = 4096;
    figures.push_back(quantity("training_flop_per_token",
                               training_flop_per_token(model, kSequence, AttentionCount::causal), "flop",
                               "forward and backward, sequences of 4096, causal attention"));
    return figures;
}

}  // namespace myriad
