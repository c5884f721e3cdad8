#pragma once
// The network's own TLM-2.0 protocol: the payload is a packet and a hop is one non-blocking call, because the four
// phases of the base protocol would cost the speed. One pair of sockets carries a full-duplex link: packets from the
// initiator's side travel on the forward path, packets from the target's side on the backward path.
//
//   phase   call direction        meaning
//   packet  along the packet      the head of the packet is here now. The receiver sets `delay` to the time from now until
//                                 it could take another packet (a node: zero; a link: the end of serialisation).
//   credit  against the packet    the head of a packet that asked for it (Packet::wants_credit) has left the link
//
// Every call returns TLM_ACCEPTED; b_transport, DMI and debug are not part of the protocol.

#include "sim/network/message.h"

#include <tlm>

namespace myriad {

enum class NetworkPhase : std::uint8_t { packet, credit };

struct NetworkProtocol {
    using tlm_payload_type = Packet;
    using tlm_phase_type = NetworkPhase;
};

using NetworkForwardInterface = tlm::tlm_fw_transport_if<NetworkProtocol>;
using NetworkBackwardInterface = tlm::tlm_bw_transport_if<NetworkProtocol>;
using NetworkInitiatorSocket = tlm::tlm_initiator_socket<32, NetworkProtocol>;
using NetworkTargetSocket = tlm::tlm_target_socket<32, NetworkProtocol>;

}  // namespace myriad
