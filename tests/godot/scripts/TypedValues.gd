# Typed values over a stream, in both byte orders. The test has the same list as `values`.
extends "Program.gd"


func values():
	return [
		["8", -128], ["8", -1], ["8", 127],
		["u8", 0], ["u8", 255],
		["16", -32768], ["16", -2], ["16", 32767],
		["u16", 1], ["u16", 65535],
		["32", -2147483648], ["32", -3], ["32", 2147483647],
		["u32", 0x01020304], ["u32", 4294967295],
		["64", -9223372036854775807 - 1], ["64", -4], ["64", 9223372036854775807],
		["u64", 0x0102030405060708], ["u64", 9223372036854775807],
		["float", 0.15625], ["float", -16777215.0 / 16777216.0], ["float", pow(2.0, -149)],
		["float", INF], ["float", -INF],
		["double", 0.1], ["double", -1.0 / 3.0], ["double", pow(2.0, -1074)],
		["double", pow(2.0, 1023) * (2.0 - pow(2.0, -52))], ["double", INF],
		["string", ""], ["string", "plain ASCII"],
		["utf8_string", ""], ["utf8_string", "añ€😀b"],
	]


func put_all():
	var peer = meet()
	for big_endian in [false, true]:
		peer.big_endian = big_endian
		for value in values():
			peer.call("put_" + value[0], value[1])
		peer.put_float(NAN)
		peer.put_double(NAN)
		peer.put_data("no length".to_utf8())
	await_cue()


func get_all():
	var peer = meet()
	var wrong = []
	for big_endian in [false, true]:
		peer.big_endian = big_endian
		for value in values():
			var got = peer.call("get_" + value[0])
			if typeof(got) != typeof(value[1]) or got != value[1]:
				wrong.append([value[0], str(value[1]), str(got), big_endian])
		if not is_nan(peer.get_float()) or not is_nan(peer.get_double()):
			wrong.append(["NAN", big_endian])
		if peer.get_utf8_string(9) != "no length":
			wrong.append(["no length", big_endian])
	say("left", peer.get_available_bytes())
	say("wrong", wrong)
