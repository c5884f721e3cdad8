// A chip file becomes a ChipConfig for the card and, beside it, the links and the PCIe port for the interconnect.

#include "app/config_files/read_hardware.h"
#include "app/config_files/words.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

namespace myriad {
namespace {

PeakTable read_rates(Section s) {
    static constexpr std::array<std::pair<const char*, DataType>, kDataTypes> kTypes{{
        {"bf16", DataType::bf16},
        {"fp16", DataType::fp16},
        {"tf32", DataType::tf32},
        {"fp32", DataType::fp32},
        {"fp8", DataType::fp8},
        {"int8", DataType::int8},
    }};
    PeakTable table;
    for (const auto& [name, type] : kTypes) {
        table.set(type, s.find<FlopPerSecond>(name).value_or(FlopPerSecond{}));
    }
    s.finish();
    return table;
}

HbmConfig read_memory(Section s) {
    HbmConfig hbm;
    hbm.type = s.get<std::string>("type");
    hbm.stacks = s.get<int>("stacks");
    hbm.capacity = s.get<Bytes>("capacity");
    hbm.bandwidth = s.get<BytesPerSecond>("bandwidth");
    hbm.efficiency = s.get<double>("efficiency");
    hbm.preset = read_hbm(s.section("preset")).preset.at_bandwidth(hbm.bandwidth, hbm.stacks);
    hbm.preset.controller.refresh_rate = s.find<double>("refresh_rate").value_or(hbm.preset.controller.refresh_rate);
    if (!refresh_fits(hbm.preset)) {
        s.error("refresh_rate", "too little time is left between refreshes");
    }
    s.finish();
    return hbm;
}

ChipLinksConfig read_links(Section s) {
    ChipLinksConfig links;
    links.links = s.get<int>("count");
    links.per_link = s.get<BytesPerSecond>("per_link");
    links.efficiency = s.get<double>("efficiency");
    links.latency = s.get<Picoseconds>("latency");
    s.finish();
    return links;
}

PcieConfig read_pcie(Section s) {
    PcieConfig pcie;
    const int generation = s.get<int>("generation");
    const int lanes = s.get<int>("lanes");
    pcie.bandwidth = pcie_bandwidth(generation, lanes, s.get<double>("efficiency"));
    pcie.latency = s.get<Picoseconds>("latency");
    s.finish();
    return pcie;
}

CommunicationConfig read_communication(Section s) {
    CommunicationConfig communication;
    communication.cores = s.get<int>("cores");
    communication.reduction_bytes = s.get<int>("added_bytes");
    s.finish();
    return communication;
}

std::vector<ProtocolCost> read_protocols(std::vector<Section> sections) {
    std::vector<ProtocolCost> protocols;
    for (Section& s : sections) {
        ProtocolCost& protocol = protocols.emplace_back();
        protocol.name = s.get<std::string>("name");
        protocol.launch = s.get<Picoseconds>("launch");
        protocol.step = s.get<Picoseconds>("step");
        protocol.efficiency = s.get<double>("efficiency");
        protocol.copy = s.find<BytesPerSecond>("copy").value_or(BytesPerSecond{});
        protocol.round_trips = s.get<int>("round_trips");
        s.finish();
    }
    return protocols;
}

CollectiveLibrary read_library(Section s) {
    CollectiveLibrary library;
    library.name = s.get<std::string>("name");
    for (const std::string& word : s.words("algorithms")) {
        for (const Word<CollectiveAlgorithm>& known : kCollectiveAlgorithmWords) {
            if (known.name == word && known.value != CollectiveAlgorithm::automatic) {
                library.algorithms.push_back(known.value);
            }
        }
    }
    library.protocols = read_protocols(s.sections("protocols"));
    library.peer_protocols = read_protocols(s.sections("peer_protocols"));
    library.switch_protocols = read_protocols(s.sections("switch_protocols"));
    library.own_copy = s.find<BytesPerSecond>("own_copy").value_or(BytesPerSecond{});
    s.finish();
    return library;
}

}  // namespace

BytesPerSecond payload_rate(BytesPerSecond raw, double efficiency) {
    return BytesPerSecond{std::llround(static_cast<double>(raw.count()) * efficiency)};
}

BytesPerSecond pcie_bandwidth(int generation, int lanes, double efficiency) {
    // Generation 3 moves 8 GT/s a lane and each later one doubles it. Generation 6 codes in flits (PAM4), whose 236 of
    // 256 bytes take the place of 128b/130b.
    const double bits_per_lane = 8e9 * std::exp2(generation - 3);
    const double coding = generation >= 6 ? 236.0 / 256.0 : 128.0 / 130.0;
    return BytesPerSecond{std::llround(bits_per_lane * lanes / 8.0 * coding * efficiency)};
}

ChipFile read_chip(Section s) {
    ChipFile file;
    ChipConfig& chip = file.chip;
    chip.name = s.get<std::string>("name");
    file.title = s.find<std::string>("title").value_or(chip.name);
    chip.cores = s.get<int>("cores");
    chip.matrix_cores = s.get<int>("matrix_cores");
    chip.clock = s.get<Hertz>("clock");
    chip.tensor = read_rates(s.section("tensor"));
    chip.vector = read_rates(s.section("vector"));
    file.nameplate_bf16 = s.find<FlopPerSecond>("nameplate_bf16");
    chip.gemm_efficiency = s.get<double>("gemm_efficiency");
    chip.vector_efficiency = s.get<double>("vector_efficiency");
    chip.hbm = read_memory(s.section("hbm"));
    chip.local_memory = s.get<Bytes>("local_memory");
    chip.l2 = s.get<Bytes>("l2");
    chip.last_level_cache = s.find<Bytes>("last_level_cache").value_or(Bytes{});
    chip.launch_latency = s.get<Picoseconds>("launch_latency");
    if (s.has("core")) {
        chip.tile = read_core(s.section("core"));
    }
    file.links = read_links(s.section("links"));
    file.pcie = read_pcie(s.section("pcie"));
    if (s.has("communication")) {
        chip.communication = read_communication(s.section("communication"));
    }
    if (s.has("library")) {
        file.library = read_library(s.section("library"));
    }
    chip.tdp = s.find<Watts>("tdp").value_or(Watts{});
    file.rent = s.find_sourced<UsDollarsPerHour>("rent");
    chip.rent = file.rent ? file.rent->value : UsDollarsPerHour{};
    if (chip.matrix_cores > chip.cores) {
        s.error("matrix_cores", "matrix_cores is " + std::to_string(chip.matrix_cores) + ", but the chip has " +
                                    std::to_string(chip.cores) + " cores");
    }
    if (chip.communication.cores >= chip.cores) {
        s.error("communication", "a collective occupies " + std::to_string(chip.communication.cores) + " of " +
                                     std::to_string(chip.cores) + " cores, which leaves none for kernels");
    }
    s.finish();
    return file;
}

bool has_core(const ChipConfig& chip) { return !chip.tile.gemm_tiles.empty(); }

std::string needs_core(std::string_view level, const ChipConfig& chip) {
    return fmt::format(
        "card level {} needs a core file, and chip '{}' names none: too little is published of its cores; expected "
        "roofline",
        level, chip.name);
}

}  // namespace myriad
