// Keys of an HBM file: one generation of stacks. Nanoseconds belong to the DRAM, cycles to its interface; the chip that
// uses the stacks says how fast they run.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

SchemaKey count(const char* name, const char* doc, const char* greatest) {
    return key<int>(name, doc).required().between("1", greatest).sourced();
}

SchemaKey time(const char* name, const char* doc) {
    return key<Picoseconds>(name, doc).required().between("0 ns", "100 us").sourced();
}

const Schema& organisation_schema() {
    static const Schema schema{
        "organisation",
        "Parts of one stack; counts are powers of two.",
        {
            count("channels", "of a stack", "64"),
            count("pseudo_channels", "of a channel; they share its command buses", "2"),
            count("pseudo_channel_bits", "data pins of a pseudo channel", "256"),
            count("transfers_per_clock", "of one pin in a cycle of the command clock", "16"),
            count("burst_transfers", "of one pin in one access", "64"),
            count("bank_groups", "of a pseudo channel", "16"),
            count("banks_per_group", "banks of a bank group", "16"),
            count("rows", "of a bank", "1048576"),
            key<Bytes>("page", "of a row, in one pseudo channel").required().between("256 B", "16 KiB").sourced(),
        }};
    return schema;
}

const Schema& times_schema() {
    static const Schema schema{
        "times",
        "Least times between commands of the DRAM, and what its interface sets in cycles of the command clock.",
        {
            time("read_latency", "tCL: read to data"),
            time("write_latency", "tCWL: write to data"),
            time("activate_to_read", "tRCDRD"),
            time("activate_to_write", "tRCDWR"),
            time("precharge", "tRP: precharge to activate"),
            time("activate_to_precharge", "tRAS"),
            time("row_cycle", "tRC: activate to activate of a bank"),
            time("read_to_precharge", "tRTP"),
            time("write_recovery", "tWR: last data of a write to precharge"),
            time("write_to_read_short", "tWTR_S: last data of a write to a read of another bank group"),
            time("write_to_read_long", "tWTR_L: the same in one bank group"),
            time("activate_short", "tRRD_S: activate to activate of another bank group"),
            time("activate_long", "tRRD_L: the same in one bank group"),
            time("four_activates", "tFAW: in which at most four activates stand"),
            time("refresh_all", "tRFCab: an all-bank refresh"),
            time("refresh_bank", "tRFCpb: a refresh of one bank"),
            time("refresh_to_activate", "tRREFD: refresh of a bank to activate of another"),
            time("refresh_interval", "tREFI: from one all-bank refresh to the next at the base rate"),
            count("column_short", "tCCD_S in cycles: access to access of another bank group", "64"),
            count("column_long", "tCCD_L in cycles: the same in one bank group", "64"),
            key<int>("read_to_write_gap", "cycles that the data bus idles between a read and a write")
                .required()
                .between("0", "64")
                .sourced(),
            count("activate_cycles", "of the row command bus", "8"),
            count("precharge_cycles", "of the row command bus", "8"),
        }};
    return schema;
}

const Schema& controller_schema() {
    static const Schema schema{
        "controller",
        "Memory controller of a channel.",
        {
            count("read_queue", "bursts of a channel that it chooses among", "1024"),
            count("write_queue", "the same for writes", "1024"),
            key<double>("write_high", "share of the write queue above which writes are drained")
                .required()
                .between("0.05", "1")
                .sourced(),
            key<double>("write_low", "share of the write queue below which reads are served again")
                .required()
                .between("0", "1")
                .sourced(),
            word_key("refresh", "how rows are refreshed", kHbmRefreshWords).required().sourced(),
            key<double>("refresh_rate", "times the base rate; 2 above 85 degrees Celsius")
                .required()
                .between("0.25", "4")
                .sourced(),
            word_key("address_map", "where an address goes, least significant bits first", kHbmAddressMapWords)
                .required()
                .sourced(),
        }};
    return schema;
}

}  // namespace

const Schema& hbm_schema() {
    static const Schema schema =
        Schema{"hbm",
               "One generation of HBM stacks: organisation, timing, controller.",
               {
                   key<std::string>("name", "how results call it").by_file_name(),
                   key<std::string>("title", "name as people write it"),
                   key<Hertz>("clock",
                              "of the command buses at the data rate of the generation; a chip's bandwidth "
                              "replaces it")
                       .required()
                       .between("100 MHz", "5 GHz")
                       .sourced(),
                   section_key("organisation", "parts of a stack", organisation_schema).required(),
                   section_key("times", "least times between commands", times_schema).required(),
                   section_key("controller", "memory controller of a channel", controller_schema).required(),
               }}
            .in_folder("hbm")
            .require_sources();
    return schema;
}

}  // namespace myriad
