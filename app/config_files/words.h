#pragma once
// Words of the configuration files and what they mean: one table an enumeration, used by the schemas (documentation,
// did-you-mean) and by the readers (value).

#include "app/scenario/placement.h"
#include "app/scenario/scenario.h"
#include "interconnect/collective/uneven_exchange.h"
#include "interconnect/network.h"
#include "interconnect/packet/flow_control.h"
#include "interconnect/topology/config.h"
#include "models/hbm/hbm_timing.h"
#include "sim/config/schema.h"
#include "workloads/inference/plan.h"
#include "workloads/llm/model_config.h"
#include "workloads/training/plan.h"

namespace myriad {

inline constexpr Word<WiringRecipe> kWiringWords[] = {
    {"full_mesh", WiringRecipe::full_mesh, "every pair of cards"},
    {"ring", WiringRecipe::ring, "neighbours, last to first too"},
    {"line", WiringRecipe::line, "neighbours"},
    {"mesh", WiringRecipe::mesh, "neighbours along each dimension of `sizes`"},
    {"torus", WiringRecipe::torus, "the same, wrapping around (`wrap`, `wrap_multiple`, `twisted`)"},
    {"hypercube", WiringRecipe::hypercube, "cards whose numbers differ in one bit"},
    {"hyperx", WiringRecipe::hyperx, "every pair along each dimension of `sizes`"},
    {"dragonfly", WiringRecipe::dragonfly, "full meshes of `group_size`, each card `global_links` to other groups"},
    {"icn_switch", WiringRecipe::icn_switch, "every card to `switches` non-blocking switches, links dealt over them"},
    {"nvswitch", WiringRecipe::icn_switch, "icn_switch by another name"},
    {"switch_planes", WiringRecipe::switch_planes, "planes of two switch levels that nothing joins (CloudMatrix384)"},
    {"product", WiringRecipe::product, "Cartesian graph product of `factors`, first factor innermost"},
    {"separate", WiringRecipe::separate, "no links: a factor that stands for copies beside one another"},
    {"overlay", WiringRecipe::overlay, "links of all `factors` over the same cards"},
    {"matched_quads", WiringRecipe::matched_quads, "eight cards: two full quads and a perfect matching (K4 x K2)"},
    {"edges", WiringRecipe::edges, "the links that `edges` lists or `file` holds"},
    {"graphml", WiringRecipe::edges, "edges by another name"},
};

inline constexpr Word<LinkBudget> kLinkBudgetWords[] = {
    {"fixed", LinkBudget::fixed, "each link has the chip's bandwidth, unused links stay dark"},
    {"divided", LinkBudget::divided, "the chip's total is divided over the links that the wiring uses"},
};

inline constexpr Word<FabricRecipe> kFabricWords[] = {
    {"one_switch", FabricRecipe::one_switch, "every NIC port into one non-blocking switch"},
    {"clos2", FabricRecipe::clos2, "leaves and spines"},
    {"clos3", FabricRecipe::clos3, "three-level fat tree: pods of leaves and aggregation switches, cores above"},
    {"rail_optimised", FabricRecipe::rail_optimised, "a leaf for each rail and NIC port of a segment, spines over all"},
    {"rail_only", FabricRecipe::rail_only, "each rail and NIC port a network by itself; rails meet inside servers"},
    {"hpn7", FabricRecipe::hpn7, "Alibaba HPN 7.0: dual-ToR, dual-plane, rails; cores over several pods"},
    {"dcn_plus", FabricRecipe::dcn_plus, "Alibaba DCN+: three levels with dual-ToR segments"},
    {"dragonfly_plus", FabricRecipe::dragonfly_plus, "groups of leaves and spines, global links between spines"},
    {"direct", FabricRecipe::direct, "hosts on switches that `switches` wires: dragonfly, hyperx, torus, edges, ..."},
};

inline constexpr Word<FabricRouting> kFabricRoutingWords[] = {
    {"ecmp", FabricRouting::ecmp, "one path a plane, by a hash of source, destination and seed"},
    {"spread", FabricRouting::spread, "one path a plane, flows dealt evenly over the up-links by destination"},
    {"shortest", FabricRouting::shortest, "all shortest paths in equal shares, at most eight a plane"},
    {"first", FabricRouting::first, "one shortest path a plane, the first in order of ports"},
    {"spray", FabricRouting::spray, "packet by packet over all shortest paths in turn"},
    {"adaptive", FabricRouting::adaptive, "packet by packet to the shortest queue; below packet level as spray"},
    {"dimension_order", FabricRouting::dimension_order, "one path a plane, dimension by dimension, innermost first"},
    {"valiant", FabricRouting::valiant, "one path a plane, over a random switch of the source's tier"},
};

inline constexpr Word<EcmpHash> kEcmpHashWords[] = {
    {"per_switch", EcmpHash::per_switch, "each tier hashes anew: the choices of a flow are independent"},
    {"same", EcmpHash::same, "all switches hash alike: a tier repeats the choice of the one before (polarisation)"},
    {"core_by_port", EcmpHash::core_by_port, "as per_switch, but a core switch goes by the port of entry (HPN 7.0)"},
};

inline constexpr Word<ServerRouting> kServerRoutingWords[] = {
    {"shortest", ServerRouting::shortest, "all shortest paths in equal shares, at most eight"},
    {"first", ServerRouting::first, "one shortest path, the first in order of ports"},
    {"spray", ServerRouting::spray, "all shortest paths in equal shares, at most 256"},
    {"dimension_order", ServerRouting::dimension_order, "one path, dimension by dimension, innermost first"},
    {"valiant", ServerRouting::valiant, "one path, by dimension to a random card and on from there"},
};

inline constexpr Word<ValiantDraw> kValiantWords[] = {
    {"pair", ValiantDraw::pair, "once for each source and destination"},
    {"message", ValiantDraw::message, "for every message at packet level; elsewhere as pair"},
};

inline constexpr Word<PlacementOrder> kPlacementWords[] = {
    {"packed", PlacementOrder::packed, "card by card, server by server"},
    {"round_robin", PlacementOrder::round_robin, "the first card of every server, then the second of every server"},
    {"by_rail", PlacementOrder::by_rail, "the cards of the first NIC of every server, then those of the second"},
    {"random", PlacementOrder::random, "every order equally likely, by the seeds"},
    {"listed", PlacementOrder::listed, "as `cards` says"},
};

inline constexpr Word<HbmRefresh> kHbmRefreshWords[] = {
    {"none", HbmRefresh::none, "never"},
    {"all_bank", HbmRefresh::all_bank, "every bank of a pseudo channel at once"},
    {"per_bank", HbmRefresh::per_bank, "one bank after the other"},
    {"per_bank_stall", HbmRefresh::per_bank_stall, "the same, but nothing is served while a refresh waits"},
};

inline constexpr Word<HbmAddressMap> kHbmAddressMapWords[] = {
    {"reference", HbmAddressMap::reference, "64 B a pseudo channel; bank groups below columns, banks above them"},
    {"channel_256", HbmAddressMap::channel_256, "256 B a pseudo channel, else as reference"},
    {"row_linear", HbmAddressMap::row_linear, "64 B a channel, then a whole row of one bank"},
    {"banks_low", HbmAddressMap::banks_low, "64 B a pseudo channel; bank groups and banks below columns"},
    {"burst_interleave", HbmAddressMap::burst_interleave, "32 B a pseudo channel and bank group, else as reference"},
};

inline constexpr Word<Activation> kActivationWords[] = {
    {"silu_gated", Activation::silu_gated, "SwiGLU: gate, up and down matrices"},
    {"gelu", Activation::gelu, "two matrices"},
};

inline constexpr Word<Normalisation> kNormalisationWords[] = {
    {"rms", Normalisation::rms, "one weight a channel"},
    {"layer", Normalisation::layer, "weight and bias a channel"},
};

inline constexpr Word<NetworkLevel> kNetworkLevelWords[] = {
    {"packet", NetworkLevel::packet, "every packet hop an event"},
    {"flow", NetworkLevel::flow, "every message a fluid, max-min fair over the links of its routes"},
    {"analytic", NetworkLevel::analytic, "closed form per collective over the actual paths"},
};

inline constexpr Word<Arbitration> kArbitrationWords[] = {
    {"fifo", Arbitration::fifo, "first come, first served"},
    {"round_robin", Arbitration::round_robin, "inputs of a node take turns, a packet each"},
    {"per_flow_fair", Arbitration::per_flow_fair, "flows (source, destination, route) take turns, a packet each"},
};

inline constexpr Word<bool> kFlowControlWords[] = {
    {"none", false, "queues are unbounded"},
    {"modelled", true, "buffers, credits and virtual channels as the server file says"},
};

inline constexpr Word<InputQueues> kInputQueuesWords[] = {
    {"per_output", InputQueues::per_output, "virtual output queues: none waits behind one for another way out"},
    {"one", InputQueues::one, "one FIFO a virtual channel: the packet in front blocks those behind it"},
};

inline constexpr Word<CardLevel> kCardLevelWords[] = {
    {"roofline", CardLevel::roofline, "operator time from peak, bandwidth and launch cost"},
    {"tile", CardLevel::tile, "every distinct kernel simulated once, tile by tile, on cores, cache and HBM banks"},
    {"live", CardLevel::live, "every core, cache slice, HBM channel and link a module; one server, workload overlap"},
};

enum class InterferenceWord : std::uint8_t { automatic, on, off };
inline constexpr Word<InterferenceWord> kInterferenceWords[] = {
    {"automatic", InterferenceWord::automatic, "on at card level tile, off at roofline"},
    {"on", InterferenceWord::on, "kernels and communication of a card share its HBM and its cores"},
    {"off", InterferenceWord::off, "communication takes nothing from kernels"},
};

inline constexpr Word<bool> kFoldWords[] = {
    {"automatic", true, "where they are much fewer than cards; the result says how many"},
    {"off", false, "every card runs"},
};

inline constexpr Word<Recompute> kRecomputeWords[] = {
    {"none", Recompute::none, "every activation is kept"},
    {"selective", Recompute::selective, "what is large and cheap is computed again"},
    {"full", Recompute::full, "only a layer's input is kept; backward runs the layer's forward again"},
};

inline constexpr Word<PipelineSchedule> kScheduleWords[] = {
    {"1f1b", PipelineSchedule::one_forward_one_backward, "one forward, one backward in turn"},
    {"gpipe", PipelineSchedule::gpipe, "all forwards, then all backwards"},
    {"interleaved", PipelineSchedule::interleaved, "1f1b over several chunks of the model a stage (virtual_stages)"},
    {"zb-h1", PipelineSchedule::zb_h1, "weight gradients fill the bubble; memory of 1f1b (Qi et al. 2023)"},
    {"zb-h2", PipelineSchedule::zb_h2, "the same with a longer warm-up and twice the memory"},
    {"dualpipe", PipelineSchedule::dualpipe, "from both ends at once, forward beside backward (DeepSeek-V3)"},
};

inline constexpr Word<KernelFusion> kKernelFusionWords[] = {
    {"fused", KernelFusion::fused, "biases and dropout cost nothing, the loss is one kernel each way"},
    {"eager", KernelFusion::eager, "kernel by kernel, as Megatron-LM of 2021 and 2022 ran in PyTorch"},
};

inline constexpr Word<ContextExchange> kContextExchangeWords[] = {
    {"ring", ContextExchange::ring, "keys and values go round beside the attention on those that are here"},
    {"all_gather", ContextExchange::all_gather, "all keys and values are gathered before attention"},
};

inline constexpr Word<Precision> kPrecisionWords[] = {
    {"plain", Precision::plain, "every matrix in data_type"},
    {"fp8", Precision::fp8, "matrices of layers in fp8 with their casts; the rest in data_type"},
};

inline constexpr Word<ExpertDispatch> kExpertDispatchWords[] = {
    {"per_expert", ExpertDispatch::per_expert, "a token travels once for each of its experts"},
    {"per_rank", ExpertDispatch::per_rank, "a token travels once to each rank that has one of its experts"},
    {"per_server", ExpertDispatch::per_server, "a token travels once to each server that has one, and on inside it"},
};

inline constexpr Word<RoutingDistribution> kRoutingWords[] = {
    {"balanced", RoutingDistribution::balanced, "every expert gets the same"},
    {"uniform", RoutingDistribution::uniform, "experts are picked at random, all alike"},
    {"zipf", RoutingDistribution::zipf, "the i-th most popular expert ~ 1 / i^skew"},
};

inline constexpr Word<std::int64_t> kMomentTypeWords[] = {
    {"fp32", 12, "fp32 master weight, two fp32 moments: 12 bytes a parameter"},
    {"bf16", 8, "fp32 master weight, two bf16 moments: 8 bytes a parameter"},
};

inline constexpr Word<AttentionKernel> kAttentionWords[] = {
    {"flash", AttentionKernel::flash, "fused and causal"},
    {"unfused", AttentionKernel::unfused, "batched GEMM, softmax, batched GEMM over all pairs"},
};

inline constexpr Word<DataType> kTrainingTypeWords[] = {
    {"bf16", DataType::bf16, "bfloat16"},
    {"fp16", DataType::fp16, "IEEE half"},
};

inline constexpr Word<InferencePhase> kInferencePhaseWords[] = {
    {"prefill", InferencePhase::prefill, "all tokens of prompts at once; one token of each comes out"},
    {"decode", InferencePhase::decode, "one token of each sequence against its cache"},
};

inline constexpr Word<WeightType> kWeightTypeWords[] = {
    {"plain", WeightType::plain, "every matrix in data_type"},
    {"fp8", WeightType::fp8, "matrices of layers in fp8, their inputs cast; the rest in data_type"},
};

inline constexpr Word<CacheType> kCacheTypeWords[] = {
    {"plain", CacheType::plain, "keys and values in data_type"},
    {"fp8", CacheType::fp8, "keys and values in fp8, cast back when they are read"},
};

inline constexpr Word<DataType> kGemmTypeWords[] = {
    {"bf16", DataType::bf16, "bfloat16"}, {"fp16", DataType::fp16, "IEEE half"},
    {"tf32", DataType::tf32, "19 bits"},  {"fp32", DataType::fp32, "IEEE single"},
    {"fp8", DataType::fp8, "8 bits"},     {"int8", DataType::int8, "integers"},
};

inline constexpr Word<bool> kCopyDirectionWords[] = {
    {"read", true, "the card that the bytes go to loads them"},
    {"write", false, "the card that has the bytes stores them"},
};

inline constexpr Word<std::int64_t> kGradientTypeWords[] = {
    {"fp32", 4, "accumulated and reduced in 4 bytes"},
    {"bf16", 2, "accumulated and reduced in 2 bytes"},
    {"fp16", 2, "likewise"},
};

inline constexpr Word<CollectiveOp> kCollectiveOpWords[] = {
    {"all_reduce", CollectiveOp::all_reduce, "every rank ends with the sum of all buffers"},
    {"all_gather", CollectiveOp::all_gather, "every rank ends with the parts of all ranks"},
    {"reduce_scatter", CollectiveOp::reduce_scatter, "every rank ends with its part of the sum"},
    {"all_to_all", CollectiveOp::all_to_all, "every rank sends another part to every rank"},
    {"broadcast", CollectiveOp::broadcast, "every rank ends with the root's buffer"},
    {"reduce", CollectiveOp::reduce, "the root ends with the sum of all buffers"},
    {"gather", CollectiveOp::gather, "the root ends with the parts of all ranks"},
    {"scatter", CollectiveOp::scatter, "every rank ends with its part of the root's buffer"},
    {"all_to_allv", CollectiveOp::all_to_allv, "all_to_all of uneven parts"},
};

inline constexpr Word<BlockDistribution> kBlockDistributionWords[] = {
    {"even", BlockDistribution::even, "the same for all"},
    {"zipf", BlockDistribution::zipf, "rank d gets 1 / (d + 1)^skew from every rank: hot experts"},
    {"random", BlockDistribution::random, "each pair uniform in 1 to 1000"},
    {"banded", BlockDistribution::banded, "rank s gives rank s + k 1 / (k + 1)^skew: most to itself and the next"},
};

inline constexpr Word<TrafficPattern> kTrafficPatternWords[] = {
    {"permutation", TrafficPattern::permutation, "each card to one other, at random, each receives from one"},
    {"shift", TrafficPattern::shift, "each card to the one `shift` places on"},
    {"incast", TrafficPattern::incast, "all others to the first card"},
    {"all_to_all", TrafficPattern::all_to_all, "each card to every other, its next neighbour first"},
    {"random", TrafficPattern::random, "`flows` flows, each between two cards at random"},
    {"hotspot", TrafficPattern::hotspot, "likewise, but a share of them goes to the first card"},
};

inline constexpr Word<SizeDistribution> kSizeDistributionWords[] = {
    {"fixed", SizeDistribution::fixed, "all alike"},
    {"uniform", SizeDistribution::uniform, "from 1 B to twice the mean"},
    {"exponential", SizeDistribution::exponential, "many small, few large"},
};

inline constexpr Word<CollectiveAlgorithm> kCollectiveAlgorithmWords[] = {
    {"automatic", CollectiveAlgorithm::automatic, "as a communication library would pick"},
    {"ring", CollectiveAlgorithm::ring, "around a ring of all ranks; broadcast and reduce as a chain"},
    {"bidirectional_ring", CollectiveAlgorithm::bidirectional_ring, "half of the data each way around the ring"},
    {"multi_ring", CollectiveAlgorithm::multi_ring, "several rings that share no link, each both ways"},
    {"direct", CollectiveAlgorithm::direct, "every pair at once"},
    {"halving_doubling", CollectiveAlgorithm::halving_doubling, "recursive halving and doubling"},
    {"rabenseifner", CollectiveAlgorithm::rabenseifner, "the same, but surplus ranks share the additions of the fold"},
    {"recursive_doubling", CollectiveAlgorithm::recursive_doubling, "whole buffers at distances 1, 2, 4 ..."},
    {"bruck", CollectiveAlgorithm::bruck, "log2 of the ranks in steps, whatever their number"},
    {"pairwise", CollectiveAlgorithm::pairwise, "one exchange after another"},
    {"binomial_tree", CollectiveAlgorithm::binomial_tree, "one binomial tree from or to the root"},
    {"double_binary_tree", CollectiveAlgorithm::double_binary_tree,
     "two binary trees, half of the data each, in pieces"},
    {"hierarchical", CollectiveAlgorithm::hierarchical, "level by level of the hierarchy, innermost first"},
    {"multi_dimensional", CollectiveAlgorithm::multi_dimensional,
     "all dimensions of the hierarchy at once, each first with its own share of the data"},
    {"in_network", CollectiveAlgorithm::in_network, "the switch that all ranks are on adds and multicasts"},
};

}  // namespace myriad
