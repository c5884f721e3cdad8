// Local accesses are blocking calls whose delay is annotated; remote ones are non-blocking, and TLM's response phase
// brings them back.

#include "models/live/live_core.h"

#include "sim/systemc/agenda_bridge.h"

#include <algorithm>

namespace myriad {

LiveCore::LiveCore(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, std::int64_t number)
    : sc_module(name), memory("memory"), tile_(agenda, self, number, *this), number_(static_cast<std::size_t>(number)) {
    memory.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
}

void LiveCore::begin(const TileProgram& program, TileSource& source, const TileCore::Timing& timing,
                     std::uint64_t base) {
    MYRIAD_CHECK(waiting() == 0, "a core takes a program when the one before has ended");
    base_ = base;
    settled_ = {};
    tile_.begin(program, source, timing);
}

std::optional<TimePoint> LiveCore::access(std::int64_t /*core*/, const BlockAccess& access, std::uint64_t ticket,
                                          TimePoint now) {
    sc_core::sc_time delay;
    if (!is_remote(access.address)) {
        BlockAccess based = access;
        based.address += base_;
        local_.fill(based);
        local_.access.input = number_;
        memory->b_transport(local_.payload, delay);
        settled_ = std::max(settled_, local_.access.settled);
        return now + to_picoseconds(delay);
    }
    if (free_.empty()) {
        calls_.push_back(std::make_unique<LivePayload>());
        free_.push_back(calls_.back().get());
    }
    LivePayload& call = *free_.back();
    free_.pop_back();
    call.fill(access);
    call.access.input = number_;
    call.access.ticket = ticket;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    const auto answer = memory->nb_transport_fw(call.payload, phase, delay);
    MYRIAD_CHECK(answer == tlm::TLM_ACCEPTED, "another card answers later");
    return std::nullopt;
}

tlm::tlm_sync_enum LiveCore::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
    MYRIAD_CHECK(phase == tlm::BEGIN_RESP && delay == sc_core::SC_ZERO_TIME, "answers come at their time");
    LiveAccess& access = access_of(payload);
    const auto call =
        std::find_if(calls_.begin(), calls_.end(), [&](const auto& c) { return &c->payload == &payload; });
    MYRIAD_CHECK(call != calls_.end(), "an answer to a question that this core did not ask");
    free_.push_back(call->get());
    tile_.arrive(access.ticket);
    return tlm::TLM_COMPLETED;
}

}  // namespace myriad
