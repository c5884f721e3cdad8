#pragma once
// The network's own TLM-2.0 protocol: the payload is a packet and a hop is one non-blocking call, because the four
// phases of the base protocol would cost the speed. One pair of sockets carries a full-duplex link: packets from the
// initiator's side travel on the forward path, packets from the target's side on the backward path.
//
//   phase   call direction        meaning
//   packet  along the packet      the head of the packet is here now. The receiver sets `delay` to the time from now until
//                                 it could take another packet (a node: zero; a link: the end of serialisation).
//   credit  against the packet    the head of a packet that asked for it (Packet::wants_credit) has left the link
//   hint    along the packet      the packet will be here at this instant, a few packets from now: prefetch what it will
//                                 touch; `delay` is zero for what the packet names, not zero for what lies behind that
//   credit_hint                   likewise, before a credit
//
// Every call returns TLM_ACCEPTED.

#include "sim/network/message.h"

#include <tlm>

namespace myriad {

enum class NetworkPhase : std::uint8_t { packet, credit, hint, credit_hint };

struct NetworkProtocol {
    using tlm_payload_type = Packet;
    using tlm_phase_type = NetworkPhase;
};

// Of TLM-2.0's interfaces the protocol uses the non-blocking transport alone.
class NetworkForwardInterface : public tlm::tlm_fw_nonblocking_transport_if<Packet, NetworkPhase> {
public:
    using protocol_types = NetworkProtocol;
};
class NetworkBackwardInterface : public tlm::tlm_bw_nonblocking_transport_if<Packet, NetworkPhase> {
public:
    using protocol_types = NetworkProtocol;
};
using NetworkInitiatorSocket = tlm::tlm_base_initiator_socket<32, NetworkForwardInterface, NetworkBackwardInterface>;
using NetworkTargetSocket = tlm::tlm_base_target_socket<32, NetworkForwardInterface, NetworkBackwardInterface>;

}  // namespace myriad
