import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.SecretKey;

/**
 * What Java sees in keystores, and keystores that keytool cannot make. Each line of the file that is named by the argument
 * is a job; passwords are in hexadecimal (of their UTF-8 form), "-" is the empty one. What a job prints stands between lines
 * "begin" and "end".
 */
public class Stores {
    public static void main(String[] arguments) throws Exception {
        addBouncyCastle();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] job = line.split(" ");
            System.out.println("begin");
            try {
                switch (job[0]) {
                    case "describe" -> describe(load(job[1], job[2], job[3]), password(job[4]));
                    case "copy" -> copy(job);
                    default -> throw new IllegalArgumentException(line);
                }
            } catch (Exception refused) {
                System.out.println("refused: " + refused);
            }
            System.out.println("end");
        }
    }

    /** If it is there. */
    static void addBouncyCastle() throws Exception {
        try {
            Class<?> provider = Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
            Security.addProvider((Provider) provider.getDeclaredConstructor().newInstance());
        } catch (ClassNotFoundException absent) {
            return;
        }
    }

    static KeyStore load(String type, String file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        try (var input = Files.newInputStream(Path.of(file))) {
            store.load(input, password(password));
        }
        return store;
    }

    /** One line for each entry, in the order of the aliases. */
    static void describe(KeyStore store, char[] password) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            StringBuilder line = new StringBuilder(alias + " " + store.getCreationDate(alias).getTime());
            if (store.isCertificateEntry(alias)) {
                line.append(" trusted ").append(fingerprint(store.getCertificate(alias)));
            } else if (store.getKey(alias, password) instanceof SecretKey secret) {
                line.append(" secret ").append(secret.getAlgorithm()).append(" ");
                line.append(HexFormat.of().formatHex(secret.getEncoded()));
            } else if (store.getKey(alias, password) instanceof PrivateKey key) {
                line.append(" key ").append(key.getAlgorithm());
                Certificate[] chain = store.getCertificateChain(alias);
                if (chain != null && chain.length > 0) {
                    line.append(fits(key, chain[0]) ? " fits" : " does not fit");
                    for (Certificate certificate : chain) {
                        line.append(" ").append(fingerprint(certificate));
                    }
                }
            } else {
                line.append(" out of reach");
            }
            lines.add(line.toString());
        }
        Collections.sort(lines);
        lines.forEach(System.out::println);
    }

    /** copy SOURCE-TYPE SOURCE-FILE PASSWORD TYPE FILE PASSWORD KEY-PASSWORD: everything from one store to another. */
    static void copy(String[] job) throws Exception {
        KeyStore source = load(job[1], job[2], job[3]);
        KeyStore target = KeyStore.getInstance(job[4]);
        target.load(null, null);
        for (String alias : Collections.list(source.aliases())) {
            if (source.isCertificateEntry(alias)) {
                target.setCertificateEntry(alias, source.getCertificate(alias));
            } else {
                Key key = source.getKey(alias, password(job[3]));
                target.setKeyEntry(alias, key, password(job[7]), source.getCertificateChain(alias));
            }
        }
        try (var output = Files.newOutputStream(Path.of(job[5]))) {
            target.store(output, password(job[6]));
        }
    }

    static boolean fits(PrivateKey key, Certificate certificate) throws Exception {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "DSA" -> "SHA256withDSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(new byte[20]);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update(new byte[20]);
        return signature.verify(signed);
    }

    static String fingerprint(Certificate certificate) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return HexFormat.of().formatHex(digest);
    }

    static char[] password(String hex) {
        if (hex.equals("-")) {
            return new char[0];
        }
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8).toCharArray();
    }
}
