/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRTP from a far side whose keys the test knows, and the ear of a phone.
 * LIBS: libsrtp2 openssl
 *
 *   srtpsend FROM TO SEQ COUNT KEY [MKI]   seal COUNT packets; KEY: master key and salt in
 *                                          base64, MKI: in hex, as it is in the packets
 *   srtpsend listen ADDRESS                one line for each packet of such a sender, with
 *                                          its sequence number, or "?" if it isn't as sent
 *
 * Addresses are "198.51.100.10:6000". AES_CM_128_HMAC_SHA1_80.
 */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD	12
#define PAYLOAD	160
#define SSRC	0x5eed0001u
#define MASTER	30

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	char *colon = strrchr(text, ':');

	if (!colon)
		die(text);
	*colon = '\0';
	in.sin_port = htons((unsigned short)atoi(colon + 1));
	if (inet_pton(AF_INET, text, &in.sin_addr) != 1)
		die(text);
	return in;
}

static int bound(char *text)
{
	struct sockaddr_in in = address(text);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&in, sizeof(in)))
		die("bind");
	return fd;
}

/* Everything in it follows from the sequence number. */
static void packet(unsigned char *p, unsigned int seq)
{
	const unsigned int word[] = { htonl(0x80080000u | (seq & 0xffff)), htonl(160 * seq),
				      htonl(SSRC) };

	memcpy(p, word, HEAD);
	for (unsigned int i = 0; i < PAYLOAD; i++)
		p[HEAD + i] = (unsigned char)(seq * 7 + i);
}

static srtp_t session(const char *base64, const char *mki_hex)
{
	unsigned char master[64], mki[8];
	srtp_master_key_t key = { .key = master, .mki_id = mki }, *keys = &key;
	srtp_policy_t policy = { .ssrc.type = ssrc_any_outbound, .key = master,
				 .window_size = 1024, .allow_repeat_tx = 1 };
	srtp_t s;

	if (EVP_DecodeBlock(master, (const unsigned char *)base64, (int)strlen(base64)) < MASTER)
		die("the key");
	for (; mki_hex && *mki_hex && key.mki_size < sizeof(mki); mki_hex += 2)
		if (sscanf(mki_hex, "%2hhx", &mki[key.mki_size++]) != 1)
			die("the MKI");
	if (key.mki_size) {
		policy.key = NULL;
		policy.keys = &keys;
		policy.num_master_keys = 1;
	}
	srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
	srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
	if (srtp_create(&s, &policy))
		die("libsrtp2");
	return s;
}

static int speak(char **argv)
{
	const char *mki = argv[5];
	unsigned int seq = (unsigned int)atoi(argv[2]), end = seq + (unsigned int)atoi(argv[3]);
	struct sockaddr_in to = address(argv[1]);
	srtp_t s = session(argv[4], mki);
	int fd = bound(argv[0]);

	for (; seq < end; seq++) {
		unsigned char p[HEAD + PAYLOAD + SRTP_MAX_TRAILER_LEN];
		int len = HEAD + PAYLOAD;

		packet(p, seq);
		if (srtp_protect_mki(s, p, &len, !!mki, 0))
			die("srtp_protect_mki");
		if (sendto(fd, p, (size_t)len, 0, (struct sockaddr *)&to, sizeof(to)) != len)
			die("sendto");
		usleep(5000);
	}
	return 0;
}

static void __attribute__((noreturn)) listen_at(char *where)
{
	int fd = bound(where);

	printf("listening\n");
	for (;;) {
		unsigned char p[2048], want[HEAD + PAYLOAD];
		ssize_t n;

		fflush(stdout);
		n = recv(fd, p, sizeof(p), 0);
		if (n < HEAD || (p[1] & 0x7f) != 8)
			continue;
		packet(want, (unsigned int)p[2] << 8 | p[3]);
		if (n == sizeof(want) && !memcmp(p, want, sizeof(want)))
			printf("%u\n", (unsigned int)p[2] << 8 | p[3]);
		else
			printf("?\n");
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "listen"))
		listen_at(argv[2]);
	if (argc != 6 && argc != 7) {
		fprintf(stderr, "see the head of tests/tools/srtpsend.c\n");
		return 2;
	}
	if (srtp_init())
		die("libsrtp2");
	return speak(argv + 1);
}
