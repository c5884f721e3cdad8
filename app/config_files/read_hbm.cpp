// An HBM file becomes an HbmPreset. Counts are powers of two, because an address is cut at bits.

#include "app/config_files/read_hardware.h"
#include "app/config_files/words.h"

#include <bit>
#include <cstdint>
#include <string>

namespace myriad {
namespace {

int power_of_two(Section& s, const char* key) {
    const int value = s.get<int>(key);
    if (!std::has_single_bit(static_cast<unsigned>(value))) {
        s.error(key, std::string(key) + " is " + std::to_string(value) + ", expected a power of two");
        return 1;
    }
    return value;
}

HbmOrganisation read_organisation(Section s) {
    HbmOrganisation o;
    o.channels = power_of_two(s, "channels");
    o.pseudo_channels = power_of_two(s, "pseudo_channels");
    o.pseudo_channel_bits = power_of_two(s, "pseudo_channel_bits");
    o.transfers_per_clock = power_of_two(s, "transfers_per_clock");
    o.burst_transfers = power_of_two(s, "burst_transfers");
    o.bank_groups = power_of_two(s, "bank_groups");
    o.banks_per_group = power_of_two(s, "banks_per_group");
    o.rows = power_of_two(s, "rows");
    o.page = s.get<Bytes>("page");
    if (o.burst_transfers < o.transfers_per_clock) {
        s.error("burst_transfers", "a burst takes at least one cycle of the command clock: burst_transfers is " +
                                       std::to_string(o.burst_transfers) + ", transfers_per_clock " +
                                       std::to_string(o.transfers_per_clock));
    }
    if (!std::has_single_bit(static_cast<std::uint64_t>(o.page.count()))) {
        s.error("page", "a page is a power of two of bytes");
    } else if (o.page < o.burst() * 8) {
        s.error("page", "a page holds at least eight bursts of " + std::to_string(o.burst().count()) + " B");
    }
    if (o.banks() * o.pseudo_channels > 64) {
        s.error("banks_per_group", "at most 64 banks a channel, not " + std::to_string(o.banks() * o.pseudo_channels));
    }
    if (o.burst().count() < 8 || o.burst().count() > 64) {
        s.error("burst_transfers", "a burst moves 8 to 64 B, not " + std::to_string(o.burst().count()));
    }
    s.finish();
    return o;
}

HbmTimes read_times(Section s) {
    HbmTimes t;
    t.read_latency = s.get<Picoseconds>("read_latency");
    t.write_latency = s.get<Picoseconds>("write_latency");
    t.activate_to_read = s.get<Picoseconds>("activate_to_read");
    t.activate_to_write = s.get<Picoseconds>("activate_to_write");
    t.precharge = s.get<Picoseconds>("precharge");
    t.activate_to_precharge = s.get<Picoseconds>("activate_to_precharge");
    t.row_cycle = s.get<Picoseconds>("row_cycle");
    t.read_to_precharge = s.get<Picoseconds>("read_to_precharge");
    t.write_recovery = s.get<Picoseconds>("write_recovery");
    t.write_to_read_short = s.get<Picoseconds>("write_to_read_short");
    t.write_to_read_long = s.get<Picoseconds>("write_to_read_long");
    t.activate_short = s.get<Picoseconds>("activate_short");
    t.activate_long = s.get<Picoseconds>("activate_long");
    t.four_activates = s.get<Picoseconds>("four_activates");
    t.refresh_all = s.get<Picoseconds>("refresh_all");
    t.refresh_bank = s.get<Picoseconds>("refresh_bank");
    t.refresh_to_activate = s.get<Picoseconds>("refresh_to_activate");
    t.refresh_interval = s.get<Picoseconds>("refresh_interval");
    t.column_short = s.get<int>("column_short");
    t.column_long = s.get<int>("column_long");
    t.read_to_write_gap = s.get<int>("read_to_write_gap");
    t.activate_cycles = s.get<int>("activate_cycles");
    t.precharge_cycles = s.get<int>("precharge_cycles");
    s.finish();
    return t;
}

HbmControllerConfig read_controller(Section s) {
    HbmControllerConfig c;
    c.read_queue = s.get<int>("read_queue");
    c.write_queue = s.get<int>("write_queue");
    c.write_high = s.get<double>("write_high");
    c.write_low = s.get<double>("write_low");
    c.refresh = s.enumeration("refresh", kHbmRefreshWords);
    c.refresh_rate = s.get<double>("refresh_rate");
    c.map = s.enumeration("address_map", kHbmAddressMapWords);
    if (c.write_low >= c.write_high) {
        s.error("write_low", "write_low must be less than write_high");
    }
    s.finish();
    return c;
}

}  // namespace

HbmFile read_hbm(Section s) {
    HbmFile file;
    HbmPreset& preset = file.preset;
    preset.name = s.get<std::string>("name");
    file.title = s.find<std::string>("title").value_or(preset.name);
    preset.clock = s.get<Hertz>("clock");
    preset.organisation = read_organisation(s.section("organisation"));
    preset.times = read_times(s.section("times"));
    preset.controller = read_controller(s.section("controller"));
    if (!refresh_fits(preset)) {
        s.error("controller", "too little time is left between refreshes");
    }
    s.finish();
    return file;
}

}  // namespace myriad
