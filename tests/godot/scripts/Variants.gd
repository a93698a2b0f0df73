# Variants over a stream and as packets. The test has the same list as `values`, whose items stand
# for every type that Moonwire's variants have.
extends "Program.gd"


func values():
	return [
		null,
		true, false,
		0, -1, 2147483647, -2147483648,
		2147483648, -2147483649, 9007199254740991,
		9007199254740992, 9223372036854775807, -9223372036854775807 - 1,
		0.5, -0.0, INF, 0.1, -1.0 / 3.0, pow(2.0, -1074),
		"", "a", "ab", "abc", "abcd", "añ€😀b",
		PoolByteArray(), PoolByteArray([0]), PoolByteArray([1, 2, 3]), PoolByteArray([1, 2, 3, 255]),
		Vector2(0.5, -2), Vector3(1, -2.25, 3), Color(0.25, 0.5, 0.75, 1),
		[], [1, "two", [3.5, null], {}], {},
		{"name": "Ann", 7: [true], Vector2(1, 2): {"deep": PoolByteArray([9])}},
	]


func put_all():
	var peer = meet()
	for big_endian in [false, true]:
		peer.big_endian = big_endian
		for value in values():
			peer.put_var(value)
		peer.put_var(NAN)
	await_cue()


func get_all():
	var peer = meet()
	var wrong = []
	for big_endian in [false, true]:
		peer.big_endian = big_endian
		for value in values():
			check(peer.get_var(), value, wrong)
		if not is_nan(peer.get_var()):
			wrong.append("NAN")
	say("left", peer.get_available_bytes())
	say("wrong", wrong)


func put_packets():
	var packets = PacketPeerStream.new()
	packets.stream_peer = meet()
	for value in values():
		packets.put_var(value)
	await_cue()


func get_packets():
	var packets = PacketPeerStream.new()
	packets.stream_peer = meet()
	var wrong = []
	for value in values():
		while packets.get_available_packet_count() == 0 and pause():
			pass
		check(packets.get_var(), value, wrong)
	say("wrong", wrong)


# Their bytes tell 1 from 1.0 and compare what is inside of containers.
func check(got, value, wrong):
	if var2bytes(got) != var2bytes(value):
		wrong.append([var2str(value), var2str(got)])
