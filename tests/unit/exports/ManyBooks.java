import com.adobe.epubcheck.tool.EpubChecker;

/** Runs EPUBCheck over many books in one Java process; each report is left beside its book as name.epub.json. */
public class ManyBooks {
    public static void main(String[] books) {
        for (String book : books) {
            new EpubChecker().run(new String[] {book, "--json", book + ".json", "--quiet"});
        }
    }
}
