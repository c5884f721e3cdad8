// As CardMemory of the tile level, for one slice: bandwidth and HBM move side by side, so the last byte comes when the
// slower is through, plus the latencies. A part that misses is known at once, so that cores which want the same block
// wait for the same fill. Stores are posted: they are written to HBM at once, and kept where others will read them.

#include "models/live/cache_slice.h"

#include "sim/systemc/agenda_bridge.h"

#include <algorithm>
#include <string>

namespace myriad {
namespace {

Bytes share_of_capacity(const ChipConfig& chip) {
    const Bytes capacity = std::max(chip.last_level_cache, chip.l2);
    const double share = chip.tile.cache_share / static_cast<double>(chip.tile.slices);
    return Bytes{static_cast<std::int64_t>(static_cast<double>(capacity.count()) * share)};
}

}  // namespace

CacheSlice::CacheSlice(const sc_core::sc_module_name& name, const Agenda& agenda, const ChipConfig& chip,
                       const AddressSpread& spread, std::int64_t number)
    : sc_module(name),
      in("in"),
      agenda_(agenda),
      config_(chip.tile),
      spread_(spread),
      number_(number),
      pseudo_channels_(chip.hbm.preset.organisation.pseudo_channels),
      bandwidth_(chip.tile.cache.count() / chip.tile.slices),
      directory_(share_of_capacity(chip)),
      memory_of_channel_(static_cast<std::size_t>(spread.pseudo_channels() / pseudo_channels_), -1) {
    in.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    for (std::int64_t p = 0; p < spread.pseudo_channels(); ++p) {
        std::int64_t& memory = memory_of_channel_[static_cast<std::size_t>(p / pseudo_channels_)];
        if (!spread.reaches(number, p) || memory >= 0) {
            continue;
        }
        memory = static_cast<std::int64_t>(memory_.size());
        channels_.push_back(p / pseudo_channels_);
        memory_.push_back(std::make_unique<LiveInitiatorSocket>(("memory" + std::to_string(memory)).c_str()));
        memory_.back()->bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    }
}

TimePoint CacheSlice::hbm(const BlockAccess& block, TimePoint now) {
    access_.set_command(block.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    sc_core::sc_time slowest;
    spread_.for_each_granule(number_, block.address, block.bytes.count(),
                             [&](std::int64_t pseudo, std::uint64_t address, std::int64_t bytes) {
                                 const std::int64_t channel = pseudo / pseudo_channels_;
                                 const auto lane = static_cast<std::uint64_t>(pseudo - channel * pseudo_channels_);
                                 access_.set_address(lane << LiveHbmChannel::kPseudoShift | address);
                                 access_.set_data_length(static_cast<unsigned>(bytes));
                                 sc_core::sc_time taken;
                                 const auto at = memory_of_channel_[static_cast<std::size_t>(channel)];
                                 (*memory_[static_cast<std::size_t>(at)])->b_transport(access_, taken);
                                 slowest = std::max(slowest, taken);
                                 (block.write ? stats_.hbm_written : stats_.hbm_read) += Bytes{bytes};
                             });
    return now + to_picoseconds(slowest);
}

void CacheSlice::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    LiveAccess& access = access_of(payload);
    const BlockAccess& block = access.block;
    const Bytes part{payload.get_data_length()};
    const TimePoint now = agenda_.now();
    const Picoseconds busy = transfer_time_ceil(part / block.sharers, bandwidth_);
    free_ = std::max(free_, now) + busy;
    stats_.busy += busy;
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    TimePoint done = free_;
    if (block.write) {
        stats_.written += part;
        access.settled = std::max(access.settled, hbm(block, now));
        if (block.keep && directory_.find(block.address) == nullptr) {
            directory_.insert(block.address, part, done);
        }
        delay += to_sc_time(done - now);
        return;
    }
    stats_.read += part;
    if (const TimePoint* ready = directory_.find(block.address)) {
        stats_.hit += part;
        done = std::max(done, *ready);
    } else {
        done = std::max(done, hbm(block, now) + config_.memory_latency);
        if (block.keep) {
            directory_.insert(block.address, part, done);
        }
    }
    delay += to_sc_time(done + config_.cache_latency - now);
}

}  // namespace myriad
