// Pictures of drawings: checked, reduced and freed from what a camera writes into files before they leave the browser.

const PICTURE_TYPES = ["image/png", "image/jpeg", "image/webp"];
const LONGEST_SIDE = 1024; // pixels; the search looks at less
const MOST_PIXELS = 50_000_000;

class Pictures {
    constructor(mostMegabytes, whenLoaded, whenLost) {
        this.mostMegabytes = mostMegabytes;
        this.whenLoaded = whenLoaded;
        this.whenLost = whenLost; // called with a picture that the server does not have
        this.images = new Map(); // by the file's path on the server
    }

    get limits() {
        return `PNG, JPEG or WebP, up to ${this.mostMegabytes} MB`;
    }

    keep(picture, image) {
        this.images.set(picture.path, image);
    }

    // The image of a picture, or null while it is on its way.
    image(picture) {
        if (picture === null) return null;
        if (!this.images.has(picture.path)) {
            this.images.set(picture.path, null);
            const image = new Image();
            image.onload = () => {
                this.keep(picture, image);
                this.whenLoaded();
            };
            image.onerror = () => this.whenLost(picture);
            image.src = picture.url;
        }
        return this.images.get(picture.path);
    }

    // A file of the visitor's -> {image: what to show, file: what to upload}; throws an Error with a text for them.
    async prepare(file) {
        if (!PICTURE_TYPES.includes(file.type)) {
            throw new Error(`That is not a picture for the paper: use ${this.limits}.`);
        }
        if (file.size > this.mostMegabytes * 1e6) {
            throw new Error(`That picture has ${(file.size / 1e6).toFixed(1)} MB: use ${this.limits}.`);
        }
        const image = await this.decode(file);
        const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
        const copy = document.createElement("canvas");
        copy.width = Math.max(1, Math.round(image.width * scale));
        copy.height = Math.max(1, Math.round(image.height * scale));
        copy.getContext("2d").drawImage(image, 0, 0, copy.width, copy.height);
        image.close();
        // a photo has no transparent parts to lose, and would be large as a PNG
        const type = file.type === "image/jpeg" ? "image/jpeg" : "image/png";
        const content = await new Promise((done) => copy.toBlob(done, type, 0.9));
        const name = type === "image/jpeg" ? "drawing.jpg" : "drawing.png";
        return { image: copy, file: new File([content], name, { type }) };
    }

    async decode(file) {
        let image;
        try {
            image = await createImageBitmap(file);
        } catch {
            throw new Error(`That picture can't be read: use ${this.limits}.`);
        }
        if (image.width * image.height > MOST_PIXELS) {
            image.close();
            throw new Error(`That picture is too large: at most ${MOST_PIXELS / 1e6} million pixels.`);
        }
        return image;
    }
}
