// The gateway has no bandwidth of its own: the links behind it are slower than the on-chip network before it. A request
// is served when its last byte has come; an answer leaves when the last byte of the access is there.

#include "models/live/gateway.h"

#include "sim/systemc/agenda_bridge.h"

namespace myriad {
namespace {

constexpr std::uint64_t kFlagAddress = std::uint64_t{1} << 40;  // far from what programs use

}  // namespace

RemoteGateway::RemoteGateway(const sc_core::sc_module_name& name, Agenda& agenda, ComponentId self, CardId card,
                             std::size_t input, RemoteAccesses& accesses, RemoteMessages& messages, PortBank& ports)
    : sc_module(name),
      outgoing("outgoing"),
      incoming("incoming"),
      agenda_(agenda),
      self_(self),
      card_(card),
      input_(input),
      accesses_(accesses),
      messages_(messages),
      ports_(ports) {
    outgoing.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
    incoming.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
    agenda.enroll(self, *this);
}

tlm::tlm_sync_enum RemoteGateway::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                                  sc_core::sc_time& /*delay*/) {
    MYRIAD_CHECK(phase == tlm::BEGIN_REQ, "an access begins with its request");
    RemoteAccess access{access_of(payload).block, card_, card_of(payload.get_address()), &payload, 0};
    MYRIAD_CHECK(access.owner != card_, "a card reaches its own memory without the gateway");
    access.block.address &= kLocalMask;
    (access.block.write ? stats_.asked_written : stats_.asked_read) += access.block.bytes;
    ++stats_.accesses;
    messages_.send_request(card_, access.owner, access.block.write ? access.block.bytes : kHeader,
                           accesses_.take(access));
    return tlm::TLM_ACCEPTED;
}

void RemoteGateway::raise(CardId on, std::uint64_t barrier) {
    ++stats_.flags;
    stats_.asked_written += kFlag;
    const BlockAccess flag{kFlagAddress + static_cast<std::uint64_t>(index(card_)) * 64, kFlag, true, 1, true};
    messages_.send_request(card_, on, kFlag, accesses_.take({flag, card_, on, nullptr, barrier}));
}

void RemoteGateway::on_request(RemoteAccesses::Number number) {
    const RemoteAccess& access = accesses_.at(number);
    (access.block.write ? stats_.served_written : stats_.served_read) += access.block.bytes;
    access_.fill(access.block);
    access_.access.input = input_;
    sc_core::sc_time delay;
    incoming->b_transport(access_.payload, delay);
    agenda_.schedule(agenda_.now() + to_picoseconds(delay), Phase::deliver, self_, self_, number);
}

void RemoteGateway::on_agenda(const AgendaRecord& record) {
    const auto number = static_cast<RemoteAccesses::Number>(record.payload);
    const RemoteAccess& access = accesses_.at(number);
    if (access.call == nullptr) {
        const std::uint64_t barrier = access.barrier;
        accesses_.give_back(number);
        listener_->on_flag(barrier);
        return;
    }
    messages_.send_answer(card_, access.asker, access.block.write ? kHeader : access.block.bytes, number);
}

void RemoteGateway::on_answer(RemoteAccesses::Number number) {
    tlm::tlm_generic_payload& call = *accesses_.at(number).call;
    accesses_.give_back(number);
    call.set_response_status(tlm::TLM_OK_RESPONSE);
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay;
    const auto answer = outgoing->nb_transport_bw(call, phase, delay);
    MYRIAD_CHECK(answer == tlm::TLM_COMPLETED, "a core takes an answer at once");
}

}  // namespace myriad
