// SPDX-License-Identifier: GPL-2.0-or-later
#include "cipher.h"
#include "master.h"

int vw_master_init(struct vw_master *m, const struct vw_suite *suite, const u8 *key,
		   const u8 *salt)
{
	memset(m->salt, 0, sizeof(m->salt));
	memcpy(m->salt, salt, suite->salt_len);
	return aes_expandkey(&m->aes, key, suite->key_len);
}

void vw_master_derive(const struct vw_master *m, enum vw_srtp_label label, u64 interval, u8 *out,
		      size_t len)
{
	u8 counter[AES_BLOCK_SIZE];

	memset(out, 0, len);
	vw_srtp_iv_kdf(counter, m->salt, label, interval);
	vw_cipher_ctr(&m->aes, counter, out, len);
}

void vw_master_session(const struct vw_master *m, const struct vw_suite *suite, bool rtcp,
		       u64 interval, struct vw_session *ret)
{
	vw_master_derive(m, rtcp ? VW_LABEL_RTCP_KEY : VW_LABEL_RTP_KEY, interval, ret->key,
			 suite->key_len);
	vw_master_derive(m, rtcp ? VW_LABEL_RTCP_SALT : VW_LABEL_RTP_SALT, interval, ret->salt,
			 suite->salt_len);
	vw_master_derive(m, rtcp ? VW_LABEL_RTCP_AUTH : VW_LABEL_RTP_AUTH, interval, ret->auth,
			 suite->auth_len);
}
