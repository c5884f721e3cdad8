// Keys of a chip file. Every value is sourced: `myriad show chip NAME` prints where it comes from, a result lists the
// assumed ones it rests on.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

SchemaKey rate(const char* type) {
    return key<FlopPerSecond>(type, std::string("dense peak in ") + type + "; 0 or absent: not native").sourced();
}

const Schema& rates_schema() {
    static const Schema schema{"rates",
                               "Peak throughput by data type.",
                               {
                                   rate("bf16"),
                                   rate("fp16"),
                                   rate("tf32"),
                                   rate("fp32"),
                                   rate("fp8"),
                                   rate("int8"),
                               }};
    return schema;
}

const Schema& memory_schema() {
    static const Schema schema{
        "memory",
        "The memory of a card.",
        {
            key<std::string>("type", "generation, for example HBM2e").required().sourced(),
            key<int>("stacks", "number of stacks").required().between("1", "64").sourced(),
            key<Bytes>("capacity", "of all stacks").required().between("1 GB", "4 TiB").sourced(),
            key<BytesPerSecond>("bandwidth", "peak of all stacks").required().between("1 GB/s", "100 TB/s").sourced(),
            key<double>("efficiency", "share of the peak that streaming reaches, at roofline level")
                .required()
                .between("0.05", "1")
                .sourced(),
            reference_key("preset", "banks and timing of a stack; `bandwidth` sets its data rate", hbm_schema)
                .required(),
            key<double>("refresh_rate", "times the base rate, 2 above 85 degrees Celsius; absent: that of the preset")
                .between("0.25", "4")
                .sourced(),
        }};
    return schema;
}

const Schema& links_schema() {
    static const Schema schema{
        "links",
        "Chip-to-chip links (ICN, NVLink) of a card.",
        {
            key<int>("count", "links of a card").required().between("0", "64").sourced(),
            key<BytesPerSecond>("per_link", "raw bandwidth of one link per direction")
                .required()
                .between("1 MB/s", "10 TB/s")
                .sourced(),
            key<double>("efficiency", "share of the raw bandwidth left for payload")
                .required()
                .between("0.05", "1")
                .sourced(),
            key<Picoseconds>("latency", "of one hop, card to card or card to switch, forwarding included")
                .required()
                .between("0 ns", "100 us")
                .sourced(),
        }};
    return schema;
}

const Schema& pcie_schema() {
    static const Schema schema{"pcie",
                               "Host link of a card; a NIC is reached through it.",
                               {
                                   key<int>("generation", "3 to 6").required().between("3", "6").sourced(),
                                   key<int>("lanes", "lanes of the link").required().between("1", "32").sourced(),
                                   key<double>("efficiency", "share left for payload after line coding")
                                       .required()
                                       .between("0.05", "1")
                                       .sourced(),
                                   key<Picoseconds>("latency", "one way, card to PCIe switch or switch to NIC")
                                       .required()
                                       .between("0 ns", "100 us")
                                       .sourced(),
                               }};
    return schema;
}

const Schema& communication_schema() {
    static const Schema schema{
        "communication",
        "What a collective takes from the card that it runs on, where `fidelity.interference` is on.",
        {
            key<int>("cores", "occupied by each collective in progress; 0: DMA engines move everything")
                .required()
                .between("0", "4096")
                .sourced(),
            key<int>("added_bytes",
                     "HBM bytes that a byte costs which is added, beyond being written and sent on: 1 "
                     "where one kernel receives, adds and sends; 3 where the sum is formed in memory")
                .required()
                .between("0", "8")
                .sourced(),
        }};
    return schema;
}

const Schema& protocol_schema() {
    static const Schema schema{
        "protocol",
        "How a library moves the data of a collective; the fastest for a size is taken.",
        {
            key<std::string>("name", "as the library calls it, for example LL").required(),
            key<Picoseconds>("launch", "from the call to the first step: kernel launch and set-up")
                .required()
                .between("0 ns", "10 ms")
                .sourced(),
            key<Picoseconds>("step", "of a rank, before what it sends in a step")
                .required()
                .between("0 ns", "10 ms")
                .sourced(),
            key<double>("efficiency", "payload share of what goes over a link")
                .required()
                .between("0.05", "1")
                .sourced(),
            key<BytesPerSecond>("copy",
                                "rate at which the cores bring a message to the link, before it leaves; absent: in no "
                                "time")
                .between("1 MB/s", "1000 TB/s")
                .sourced(),
            key<int>("round_trips", "before the bytes leave (rendezvous); point to point only")
                .between("0", "8")
                .by_default("0"),
        }};
    return schema;
}

const Schema& library_schema() {
    static const Schema schema{
        "library",
        "Software cost of collectives: what a communication library adds to the links.",
        {
            key<std::string>("name", "the library").required(),
            word_key("algorithms", "what `automatic` picks from, by modelled time; all_to_all always goes straight",
                     kCollectiveAlgorithmWords)
                .list(),
            section_key("protocols", "of rings, trees and hierarchies", protocol_schema).list(),
            section_key("peer_protocols", "of all_to_all, of direct and of messages point to point", protocol_schema)
                .list(),
            section_key("switch_protocols", "of in_network: the switch adds; absent: those of rings", protocol_schema)
                .list(),
            key<BytesPerSecond>("own_copy",
                                "rate at which a rank copies its own share of size / ranks to the output; "
                                "absent: in no time")
                .between("1 MB/s", "1000 TB/s")
                .sourced(),
        }};
    return schema;
}

}  // namespace

const Schema& chip_schema() {
    static const Schema schema =
        Schema{
            "chip",
            "One card: cores, memory, links, power.",
            {
                key<std::string>("name", "how results call it").by_file_name(),
                key<std::string>("title", "name as people write it"),
                key<int>("cores", "compute units or SMs: vector work, loads and stores")
                    .required()
                    .between("1", "4096")
                    .sourced(),
                key<int>("matrix_cores", "cores whose matrix units are usable")
                    .required()
                    .between("0", "4096")
                    .sourced(),
                key<Hertz>("clock", "of the cores").required().between("10 MHz", "10 GHz").sourced(),
                section_key("tensor", "matrix units", rates_schema).required(),
                section_key("vector", "vector lanes", rates_schema).required(),
                key<FlopPerSecond>("nameplate_bf16", "advertised figure if it is not the ceiling; not used for timing")
                    .sourced(),
                key<double>("gemm_efficiency", "share of the matrix peak that a large GEMM reaches")
                    .required()
                    .between("0.01", "1")
                    .sourced(),
                key<double>("vector_efficiency", "share of the vector peak that an elementwise kernel reaches")
                    .required()
                    .between("0.01", "1")
                    .sourced(),
                section_key("hbm", "memory", memory_schema).required(),
                key<Bytes>("local_memory", "shared memory (scratchpad) of one core").required().sourced(),
                key<Bytes>("l2", "second-level cache in all").required().sourced(),
                key<Bytes>("last_level_cache", "cache behind L2; absent: none").sourced(),
                key<Picoseconds>("launch_latency", "from one kernel of a stream to the next")
                    .required()
                    .between("0 ns", "1 ms")
                    .sourced(),
                reference_key("core",
                              "cores and kernel library, for the tile and live levels; absent: what is published does "
                              "not describe them, and these levels refuse the chip",
                              core_schema),
                section_key("links", "chip-to-chip links", links_schema).required(),
                section_key("pcie", "host link", pcie_schema).required(),
                section_key("communication", "what collectives take; absent: links and HBM only", communication_schema),
                section_key("library", "software cost of collectives; absent: none", library_schema),
                key<Watts>("tdp", "power limit; absent: not known").between("1 W", "10 kW").sourced(),
                key<UsDollarsPerHour>("rent", "price of one card; absent: not known").sourced(),
            }}
            .in_folder("chips")
            .require_sources();
    return schema;
}

}  // namespace myriad
