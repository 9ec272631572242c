package dev.topology.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The certificate of one run, and its key, which never leave this process. Agents know the
 * certificate by its fingerprint, so that nothing else about it matters: it says nothing that is
 * true of anybody, and is valid at any time, since an agent's clock may be wrong.
 *
 * <p>The JDK can check certificates and not make them: its {@code keytool} is a program of a full
 * JDK that writes the key into a file. The few fields that X.509 wants are written here in DER; see
 * RFC 5280, 4.1, and X.690.
 */
final class RunCertificate {

  private static final String PROTOCOL = "TLSv1.3";

  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OBJECT_ID = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int VERSION = 0xa0;

  /** {@code ecdsa-with-SHA256}, RFC 5758. */
  private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("2a8648ce3d040302");

  /** {@code id-at-commonName}. */
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("550403");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final Instant ALWAYS = Instant.EPOCH;

  /** For certificates without an end; RFC 5280, 4.1.2.5. */
  private static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

  private final PrivateKey key;
  private final X509Certificate certificate;

  private RunCertificate(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /** Makes a key and its certificate, within milliseconds. */
  static RunCertificate make() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] algorithm = der(SEQUENCE, der(OBJECT_ID, ECDSA_WITH_SHA256));
    byte[] name = name("topology");
    byte[] toSign =
        der(
            SEQUENCE,
            der(VERSION, der(INTEGER, new byte[] {2})),
            der(INTEGER, new BigInteger(64, new SecureRandom()).toByteArray()),
            algorithm,
            name,
            der(SEQUENCE, time(ALWAYS), time(FOREVER)),
            name,
            pair.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(toSign);
    byte[] whole = der(SEQUENCE, toSign, algorithm, der(BIT_STRING, new byte[1], signature.sign()));
    Certificate read =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(whole));
    return new RunCertificate(pair.getPrivate(), (X509Certificate) read);
  }

  private static byte[] name(String text) {
    byte[] value = der(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    return der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT_ID, COMMON_NAME), value)));
  }

  private static byte[] time(Instant instant) {
    return der(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  /** A value with its tag and its length in the shortest form. */
  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      value.writeBytes(part);
    }
    int length = value.size();
    int lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
    ByteBuffer der = ByteBuffer.allocate(2 + lengthBytes + length).put((byte) tag);
    if (lengthBytes == 0) {
      der.put((byte) length);
    } else {
      der.put((byte) (0x80 | lengthBytes));
      if (lengthBytes == 2) {
        der.put((byte) (length >> 8));
      }
      der.put((byte) length);
    }
    return der.put(value.toByteArray()).array();
  }

  /** By which agents know it: SHA-256, 64 digits. */
  String fingerprint() throws GeneralSecurityException {
    return digest(certificate);
  }

  private static String digest(X509Certificate certificate) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return HexFormat.of().formatHex(digest);
  }

  /** The side of the coordinator, which shows the certificate. */
  SSLContext coordinator() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("run", key, new char[0], new Certificate[] {certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(keys.getKeyManagers(), new TrustManager[0], null);
      return context;
    } catch (IOException e) {
      throw new GeneralSecurityException("a key store in memory", e);
    }
  }

  /** The side of an agent, which talks to nobody but the owner of that certificate. */
  static SSLContext agent(String fingerprint) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance(PROTOCOL);
    context.init(null, new TrustManager[] {new OneCertificate(fingerprint)}, null);
    return context;
  }

  /** Trusts a server with one certificate. That it owns the key, TLS itself sees to. */
  private record OneCertificate(String fingerprint) implements X509TrustManager {

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      try {
        byte[] shown = digest(chain[0]).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(shown, fingerprint.getBytes(StandardCharsets.US_ASCII))) {
          throw new CertificateException("this is not the coordinator: its fingerprint is another");
        }
      } catch (CertificateException e) {
        throw e;
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("an agent takes no connections");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
